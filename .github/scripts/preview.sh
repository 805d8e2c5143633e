#!/usr/bin/env bash
# Previews the stack $STACK and leaves what Pulumi said in the folder $1: output.txt, and its exit code in code.
set -euo pipefail

folder=$1
mkdir -p "$folder"
# Not the action's own command: after that every output of the stack is a step output in plain text, among them the
# administrators' first passwords.
code=0
pulumi preview --stack "$STACK" --diff --non-interactive --color never --suppress-outputs \
  > "$folder/output.txt" 2>&1 || code=$?
cat "$folder/output.txt"
echo "$code" > "$folder/code"
exit "$code"
