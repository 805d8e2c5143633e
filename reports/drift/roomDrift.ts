import type { Database, Databases } from "../../backends/docker/databases.ts";
import { line } from "../../hosts/shell.ts";
import { largestIn, lastWordsOf, needsRoom, shortage } from "../room.ts";
import type { Drift } from "./drift.ts";
import type { Owner, StackState } from "./state.ts";

/** What a host and its tenants are running out of, and which databases cannot be written. */
export function roomDrift(host: string, { space, databases }: Databases, state: StackState): Drift[] {
  const short = space && shortage(space);
  const owner: Owner = { kind: "host", name: host };
  return [
    ...(space === undefined || short === undefined ? [] : [hostRoom(owner, space.folder, short)]),
    ...databases.flatMap((database) => tenantRoom(database, state)),
  ];
}

const hostRoom = (owner: Owner, folder: string, short: string): Drift => ({
  owner,
  kind: "disk",
  name: folder,
  how: "changed",
  words: `the disk of images and volumes is nearly full: ${short}`,
  mend: "hand",
  remedy:
    "Databases grow, and on a full disk nobody can sign in at any tenant. What takes the room: " +
    `${line("docker", "system", "df")}, and as root ${line("du", "-xh", "-d", "2", folder)} | sort -h | tail`,
});

function tenantRoom({ container, space, complaint }: Database, state: StackState): Drift[] {
  const resource = [...state.resources.values()].find(
    ({ type, inputs }) => type === "docker:index/container:Container" && inputs.name === container,
  );
  if (resource === undefined) return [];
  const owner = state.ownerOf(resource.urn);
  const drift = { owner, how: "changed", mend: "hand" } as const;
  const short = space && shortage(space);
  return [
    ...(space === undefined || short === undefined
      ? []
      : [
          {
            ...drift,
            kind: "disk",
            name: space.folder,
            words: `the disk of ${container} is nearly full: ${short}`,
            remedy:
              `On a full disk nobody can sign in at ${owner.name}. What takes the room: ` +
              largestIn(container),
          } as const,
        ]),
    ...(complaint === undefined
      ? []
      : [
          {
            ...drift,
            kind: "database",
            name: container,
            words: `${container} cannot be written: ${complaint}`,
            remedy: needsRoom(complaint)
              ? `Nobody can sign in at ${owner.name} until there is room; nothing has to be started again then`
              : `Nobody can sign in at ${owner.name}. See why: ${lastWordsOf(container)}`,
          } as const,
        ]),
  ];
}
