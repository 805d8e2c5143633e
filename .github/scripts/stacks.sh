#!/usr/bin/env bash
# The stacks that CI looks after: those with a Pulumi.<stack>.yaml, but the laptop's, and but examples: what lies below
# example.com, .org or .net is nobody's (RFC 2606). One a line; with --output the
# step output `stacks`, a JSON array for a matrix.
set -euo pipefail

stacks=()
for file in Pulumi.*.yaml; do
  [ -f "$file" ] || continue
  stack=${file#Pulumi.}
  stack=${stack%.yaml}
  [ "$stack" = dev ] && continue
  if grep -qE "^ *[\"']?olympus:domain[\"']?: *[\"']?([a-z0-9-]+\.)*example\.(com|org|net)[\"']? *(#.*)?\$" "$file"; then continue; fi
  # The name becomes a matrix value, a path and part of an environment's name.
  if [[ ! $stack =~ ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$ ]]; then
    printf '::error::%q is not a stack name. Write letters, digits, dots, hyphens and underscores.\n' "$stack" >&2
    exit 1
  fi
  stacks+=("$stack")
done

if [ "${1:-}" != --output ]; then
  [ ${#stacks[@]} -eq 0 ] || printf '%s\n' "${stacks[@]}"
  exit 0
fi
quoted=()
for stack in ${stacks[@]+"${stacks[@]}"}; do quoted+=("\"$stack\""); done
(
  IFS=,
  echo "stacks=[${quoted[*]-}]"
) | tee -a "$GITHUB_OUTPUT"
