import { physicalName } from "../../fleet/names.ts";
import { closedMemory } from "../../fleet/sizes.ts";
import { dataOwner } from "../../fleet/tenant/services/postgres.ts";
import { line } from "../../hosts/shell.ts";
import { pidsLimit } from "./pidsLimit.ts";

/** The part of a closed tenant that runs: it sleeps. */
export const keeperPart = "keeper";

/**
 * A container that sleeps, with the tenant's volume. The engines' prune commands take every volume that no container has
 * (`docker volume prune --all`, `podman system prune --volumes`), and before that every container that does not run
 * (`system prune`), so only one that runs keeps the data of a tenant whose services are gone: docs/adr/0020.
 */
export interface Keeper {
  readonly name: string;
  /** Nobody else's files are on the volume; Podman gives an empty one to the first that has it. */
  readonly user: string;
  readonly program: string;
  readonly arguments: readonly string[];
  /** Where it has the volume, read-only. */
  readonly path: string;
  /** Run inside of it by its gate. */
  readonly health: readonly string[];
  readonly memoryMiB: number;
  readonly pidsLimit: number;
  /** For who finds it with `docker inspect` and wonders. */
  readonly purpose: string;
}

/** Where every keeper has the volume. */
export const keptPath = "/kept";

export const keeperOf = (tenant: string): Keeper => ({
  name: physicalName(tenant, keeperPart),
  user: dataOwner,
  program: "sleep",
  // 68 years, since not every sleep knows a word for longer.
  arguments: [String(2 ** 31 - 1)],
  path: keptPath,
  health: ["test", "-d", keptPath],
  memoryMiB: closedMemory.limitMiB,
  pidsLimit,
  // The same for every closed state: another label would be another container, and for a second nobody held the volume.
  purpose: `holds the volume of ${tenant}, which is suspended or retired: prune commands take a volume that nothing runs with`,
});

/** The script of its gate, for `sh -s`, after `gateLibrary`. The id makes another script of another container. */
export const keeperGate = ({ name, health, pidsLimit }: Keeper, id: string): string =>
  [
    "set -eu",
    `# ${name} ${id}`,
    line("limit", name, String(pidsLimit)),
    line("healthy", name, "60", "", ...health),
    "",
  ].join("\n");
