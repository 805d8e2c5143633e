#!/usr/bin/env bash
# Asks whether the hosts of the stack $STACK still match the checkout, without changing anything, state included.
# Below the folder $1 it writes output.txt and verdict: clean, drift or failed. Only the last ends with 1.
set -euo pipefail

out=$1
mkdir -p "$out"
# Should the run be ended from outside, this stands.
echo failed >"$out/verdict"

status=0
pulumi preview --stack "$STACK" --refresh --expect-no-changes --diff \
  --non-interactive --color never --suppress-outputs 2>&1 | tee "$out/output.txt" || status=$?

if [ "$status" -eq 0 ]; then
  echo clean >"$out/verdict"
# The exit code is the same for drift and for a host that does not answer.
elif grep -q 'no changes were expected' "$out/output.txt"; then
  echo drift >"$out/verdict"
  echo "::warning::The hosts of stack $STACK do not match main."
else
  echo "::error::Stack $STACK could not be compared with its hosts."
  exit 1
fi
