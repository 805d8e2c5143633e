import { join } from "node:path";
import { comment } from "./comments.mjs";
import { run, variable } from "./github.mjs";
import { fencedEnd, Refused, readUntrusted } from "./untrusted.mjs";

/** Posts what preview.sh left in a folder at the pull request, one comment per stack, which the next run edits. */

const maxOutputBytes = 50_000_000;

run(() => {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Refused("usage: previewComment.mjs FOLDER");
  const stack = variable("STACK");
  const failed = readUntrusted(join(folder, "code"), 20).trim() !== "0";
  const output = readUntrusted(join(folder, "output.txt"), maxOutputBytes);
  const marker = `<!-- olympus-fleet-preview ${stack} -->`;
  const title = `### Preview of stack ${stack}${failed ? ": failed" : ""}`;
  const body = `${marker}\n${title}\n\n[Run](${variable("RUN_URL")})\n\n${fencedEnd(output)}\n`;
  comment(variable("GITHUB_REPOSITORY"), variable("PULL_REQUEST"), marker, body);
});
