import { list, send, workflowLogin } from "./github.mjs";

/**
 * Writes a comment at an issue or pull request, or edits the one that a run before has written.
 * @param {string} repository
 * @param {string} number
 * @param {string} marker first line of the comment, by which it is found again
 * @param {string} body begins with the marker
 */
export function comment(repository, number, marker, body) {
  const existing = ownComment(`repos/${repository}/issues/${number}/comments`, marker);
  if (existing === undefined) send("POST", `repos/${repository}/issues/${number}/comments`, { body });
  else send("PATCH", `repos/${repository}/issues/comments/${existing}`, { body });
  console.log(`Commented on #${number}.`);
}

/**
 * The id of the comment that a workflow of ours wrote before.
 * @param {string} path
 * @param {string} marker
 */
function ownComment(path, marker) {
  for (const { id, user, body } of list(path)) {
    // Others may write a marker, too.
    if (user?.login === workflowLogin && body.startsWith(marker)) return id;
  }
  return undefined;
}
