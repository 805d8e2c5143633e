#!/usr/bin/env bash
# As the real action does it: with depth 0 all branches are there as origin/…, else the one commit alone. That is the
# workflow's own, or the one that `ref` names.
set -euo pipefail

commit=${REF:-$GITHUB_SHA}

git init --quiet .
git remote add origin "$ORIGIN"
if [ "$FETCH_DEPTH" = 0 ]; then
  git fetch --quiet origin '+refs/heads/*:refs/remotes/origin/*' "+$GITHUB_REF:refs/remotes/${GITHUB_REF#refs/}"
else
  git fetch --quiet --depth "$FETCH_DEPTH" origin "$commit"
fi
if [ -n "$SPARSE_CHECKOUT" ]; then git sparse-checkout set "$SPARSE_CHECKOUT"; fi
git -c advice.detachedHead=false checkout --quiet "$commit"
