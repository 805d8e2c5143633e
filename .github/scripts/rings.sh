#!/usr/bin/env bash
# Lets a release go on that waits in the stack $STACK, as far as it may now, with the checkout, which is the commit that
# was deployed last. Below the folder $1 it writes output.txt and verdict: quiet (nothing waits), went-on or failed. Only
# the last ends with 1.
set -euo pipefail

out=$1
scripts=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$out"
# Should the run be ended from outside, this stands.
echo failed >"$out/verdict"

status=0
node "$scripts/waits.mjs" >"$out/output.txt" 2>&1 || status=$?
cat "$out/output.txt"
if [ "$status" -eq 0 ] && [ ! -s "$out/output.txt" ]; then
  echo "Nothing waits." | tee "$out/output.txt"
  echo quiet >"$out/verdict"
  exit 0
fi

if [ "$status" -eq 0 ]; then "$scripts/up.sh" 2>&1 | tee -a "$out/output.txt" || status=$?; fi
if [ "$status" -ne 0 ]; then
  echo "::error::Stack $STACK: what waits could not go on."
  exit 1
fi
echo went-on >"$out/verdict"
