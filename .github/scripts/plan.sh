#!/usr/bin/env bash
# Writes the offline plan of every stack below the folder $1: full/plan.md and full/<stack>.html for people, and
# comment/, which is what plan-comment.yml reads. Ends with 1 when a plan failed, after writing them all.
#   AGAINST    the revision to compare with; empty: none
#   PR_NUMBER  the pull request, if there is one
set -euo pipefail

out=$1
scripts=$(cd "$(dirname "$0")" && pwd)
# GitHub refuses comments beyond 65,536 characters, and planComment.mjs adds some of its own.
comment_bytes=55000
# A step's summary may have 1 MiB.
summary_bytes=1000000

against=${AGAINST:-}
# A branch that was pushed for the first time was "0000…" before.
if [[ $against =~ ^0+$ ]]; then against=; fi

mkdir -p "$out/full" "$out/comment"
plan=$out/full/plan.md
failed=0
: >"$plan"
stacks=$("$scripts/stacks.sh")
[ -n "$stacks" ] || echo "There is no stack but dev." >>"$plan"
for stack in $stacks; do
  command=(npm run --silent fleet -- plan --stack "$stack" ${against:+--against "$against"})
  printf '## Stack %s\n\n' "$stack" >>"$plan"
  if "${command[@]}" --markdown >"$out/text" 2>"$out/errors"; then
    cat "$out/text" >>"$plan"
    # The picture is an extra: a reviewer can do without.
    "${command[@]}" --html "$out/full/$stack.html" >"$out/text" 2>&1 || cat "$out/text" >&2
  else
    failed=1
    # Indented, not fenced: messages quote lines of the file, and those may hold a fence.
    { echo "No plan: mend this first." && echo && sed 's/^/    /' "$out/text" "$out/errors"; } | tee -a "$plan" >&2
  fi
  echo >>"$plan"
done
rm -f "$out/text" "$out/errors"

# shorten BYTES: the plan, cut after a whole line, with a word about the rest.
shorten() {
  if [ "$(wc -c <"$plan")" -le "$1" ]; then
    cat "$plan"
  else
    # `sed` drops the line that was cut in two.
    head -c "$1" "$plan" | sed '$d'
    printf '\n**Cut here.** The whole plan is in the artefact "plan" of this run.\n'
  fi
}
shorten "$comment_bytes" >"$out/comment/plan.md"
if [ -n "${PR_NUMBER:-}" ]; then echo "$PR_NUMBER" >"$out/comment/number"; fi
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then shorten "$summary_bytes" >>"$GITHUB_STEP_SUMMARY"; fi
exit "$failed"
