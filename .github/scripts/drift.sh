#!/usr/bin/env bash
# Asks whether the hosts of the stack $STACK are still as the last deployment has left them, without changing anything,
# state included. Below the folder $1 it writes output.txt and verdict: clean, drift or failed. Only the last ends with 1.
set -euo pipefail

out=$1
mkdir -p "$out"
# Should the run be ended from outside, this stands.
echo failed >"$out/verdict"

status=0
npm run --silent fleet -- drift --stack "$STACK" 2>&1 | tee "$out/output.txt" || status=$?

if [ "$status" -eq 0 ]; then
  echo clean >"$out/verdict"
# A program that breaks ends with 1 as well, and says no such thing.
elif [ "$status" -eq 1 ] && grep -q '^Stack .*: no longer as ' "$out/output.txt"; then
  echo drift >"$out/verdict"
  echo "::warning::The hosts of stack $STACK are no longer as the last deployment has left them."
else
  echo "::error::Stack $STACK could not be compared with its hosts, or not all of it."
  exit 1
fi
