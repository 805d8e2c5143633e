#!/usr/bin/env bash
# Makes the hosts of the stack $STACK match the checkout, which is $COMMIT where that is not the workflow's own.
set -euo pipefail

# Outputs hold the administrators' first passwords: secrets, which print as [secret], but nobody needs them here.
pulumi up --stack "$STACK" --yes --non-interactive --color never --suppress-outputs \
  --message "${COMMIT:-${GITHUB_SHA:-by hand}}, run ${GITHUB_RUN_ID:-none}"
