import { listed } from "../../fleet/listed.ts";
import { momentWords } from "../../fleet/rings/words.ts";
import { type RollbackDocument, stoppedFor, type TenantBack } from "../../reports/rollback/document.ts";
import { lossWords, migrationsWords, type Way } from "../../reports/rollback/ways.ts";

/** The document for a terminal. */
export function text({
  kind,
  name,
  to,
  tenants,
  closed,
  also,
  edits,
  isDone,
  next,
}: RollbackDocument): string {
  const title = kind === "ring" ? `Ring ${name}` : name;
  const stopped = isDone ? tenants.flatMap(stoppedFor) : [];
  return `${[
    `${title}: back to ${to}`,
    ...tenants.map((one) => tenantLine(one, isDone)),
    ...(closed.length > 0
      ? [
          `  ${listed(closed, 5)}: keeps what it has, since nothing of it runs. Roll it back when it is active again.`,
        ]
      : []),
    ...edits.map(({ place, path, from, to: release }) => editLine(place, path, from, release)),
    ...(edits.length === 0 ? ["tenants.yaml says so already."] : []),
    ...also.map(({ tenant, release }) => `In the same run ${tenant} gets ${release}, as without this.`),
    ...(stopped.length > 0
      ? [`${stopped.join(", ")} ${stopped.length === 1 ? "is" : "are"} stopped until then: do it at once.`]
      : []),
    isDone ? `Next: ${next}. It waits for no window, bake or hold.` : "Nothing was written (--check).",
  ].join("\n")}\n`;
}

function tenantLine({ tenant, has, since, services }: TenantBack, isDone: boolean): string {
  const begun = since === undefined ? "" : ` since ${momentWords(new Date(since))}`;
  const ways = services.map(({ service, way }) => `${service}: ${wayWords(way, isDone)}`);
  return `  ${tenant}: has ${has}${begun}; ${ways.length === 0 ? "the images alone" : ways.join("; ")}`;
}

function wayWords(way: Way, isDone: boolean): string {
  if (way.kind === "image") return "the image alone";
  if (way.kind === "dump") return "the dump";
  const losses = way.losses.length === 0 ? "" : `, which loses ${way.losses.map(lossWords).join(", ")}`;
  return `${migrationsWords(way.migrations)} ${isDone ? "taken back" : "to be taken back"}${losses}`;
}

const editLine = (
  place: RollbackDocument["edits"][number]["place"],
  path: string,
  from: string | undefined,
  to: string,
) => {
  const where = place === undefined ? "" : `${place.file}:${place.line}:${place.column}  `;
  return `${where}${path}: ${from === undefined ? to : `${from} → ${to}`}`;
};
