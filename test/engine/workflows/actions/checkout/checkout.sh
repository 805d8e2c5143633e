#!/usr/bin/env bash
# As the real action does it: with depth 0 all branches are there as origin/…, else the one commit alone.
set -euo pipefail

git init --quiet .
git remote add origin "$ORIGIN"
if [ "$FETCH_DEPTH" = 0 ]; then
  git fetch --quiet origin '+refs/heads/*:refs/remotes/origin/*' "+$GITHUB_REF:refs/remotes/${GITHUB_REF#refs/}"
else
  git fetch --quiet --depth "$FETCH_DEPTH" origin "$GITHUB_SHA"
fi
if [ -n "$SPARSE_CHECKOUT" ]; then git sparse-checkout set "$SPARSE_CHECKOUT"; fi
git -c advice.detachedHead=false checkout --quiet "$GITHUB_SHA"
