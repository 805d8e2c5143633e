import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { type Service, services } from "../fleet/tenant/parts.ts";
import { registryDir } from "../lab/docker/registry.ts";
import { variantOf } from "../lab/images/publish.ts";
import { changes, fleetFile, TestFleet } from "../test/harness/testFleet.ts";
import { seconds } from "./fleets.ts";
import { Person } from "./person.ts";
import { type AllVisits, kinds, Visiting, type Visits } from "./visits.ts";

/** An edit of the one tenant; the other's entry stays as it is. */
interface Edit {
  readonly name: string;
  readonly entry: object;
  /** Done before, so that the edit meets it. */
  readonly before?: () => Promise<unknown>;
}

const releaseName = "bench";

/** Of the image, in its label alone: another digest over the same layers. */
const changed = (fleet: TestFleet, service: Service) =>
  variantOf(registryDir, fleet.images[service], `bench-${service}`, { Labels: { purpose: "bench" } });

/** Adds a release to the file whose images are other ones but for Postgres's, as of most releases. */
async function addRelease(fleet: TestFleet): Promise<void> {
  const path = join(fleet.folder, "releases.yaml");
  const file = parse(await readFile(path, "utf8"));
  const images = Object.fromEntries(
    await Promise.all(services.map(async (service) => [service, await changed(fleet, service)] as const)),
  );
  const { "2026.11": usual } = file.releases;
  file.releases[releaseName] = { ...usual, images: { ...images, postgres: usual.images.postgres } };
  await writeFile(path, stringify(file, { aliasDuplicateObjects: false }));
}

/**
 * Has both find a migration to do that has been done: the newest that can be done twice. The lab has but one version of each
 * program.
 */
const forget = (fleet: TestFleet, database: string, version: string) =>
  fleet.docker(
    ...["exec", "acme-postgres", "psql", "-qU", "postgres", "-d", database],
    ...["-c", `DELETE FROM schema_migration WHERE version LIKE '${version}%'`],
  );

/**
 * How long sign-in, tokens, refresh and keys are away while a tenant is edited, and whether its neighbour notices. All kinds of
 * visits go on at both tenants while `pulumi up` runs.
 *
 * @param only edits whose names have this in them. Default: all
 */
export async function upgrade(only = ""): Promise<string> {
  const fleet = await TestFleet.prepare(fleetFile({ acme: {}, bigcorp: {} }));
  try {
    await fleet.up();
    await addRelease(fleet);
    const [acme, neighbour] = [await Person.of(fleet, "acme"), await Person.of(fleet, "bigcorp")];
    const images = Object.fromEntries(
      await Promise.all(services.map(async (service) => [service, await changed(fleet, service)] as const)),
    );
    const edits: readonly Edit[] = [
      { name: "nothing", entry: {} },
      ...services.map((service) => ({
        name: `image of ${service}`,
        entry: { images: { [service]: images[service] } },
      })),
      { name: "`cors`", entry: { cors: ["https://app.example"] } },
      { name: "`size: { postgres: 240MiB }`", entry: { size: { postgres: "240MiB" } } },
      { name: "a release, every image another but Postgres's", entry: { release: releaseName } },
      {
        name: "the same, with a migration of Kratos",
        entry: { release: releaseName },
        before: () => forget(fleet, "kratos", "20221214101328"),
      },
    ];
    const rows: string[] = [];
    for (const { name, entry, before } of edits.filter((one) => one.name.includes(only))) {
      await fleet.writeTenants(fleetFile({ acme: {}, bigcorp: {} }));
      await fleet.up();
      await before?.();
      const visits = [await Visiting.begin(acme), await Visiting.begin(neighbour)] as const;
      await fleet.writeTenants(fleetFile({ acme: entry, bigcorp: {} }));
      let replaced: readonly string[] = [];
      const took = await seconds(async () => {
        ({ replaced } = changes(await fleet.up()));
      });
      const [own, other] = [await visits[0].stop(), await visits[1].stop()];
      const containers = replaced
        .filter((one) => !one.includes("gate"))
        .map((one) => one.replace("acme-", ""));
      rows.push(rowOf(name, containers, took, own, other));
      for (const kind of kinds) {
        const why = own[kind].firstFailure ?? other[kind].firstFailure;
        if (why !== undefined) process.stderr.write(`${name}, ${kind}: ${why}\n`);
      }
    }
    return [
      `| edit | replaced | up, s | ${kinds.map((kind) => `${kind}, s`).join(" | ")} | failed | neighbour, s | failed |`,
      `| --- | --- | --- | ${kinds.map(() => "---").join(" | ")} | --- | --- | --- |`,
      ...rows,
    ].join("\n");
  } finally {
    await fleet.destroy();
  }
}

const all = (visits: AllVisits): readonly Visits[] => kinds.map((kind) => visits[kind]);
const failedOf = (visits: AllVisits) => {
  const [failed, asked] = (["failed", "asked"] as const).map((what) =>
    all(visits).reduce((sum, one) => sum + one[what], 0),
  );
  return `${failed} of ${asked}`;
};

function rowOf(
  name: string,
  replaced: readonly string[],
  took: number,
  own: AllVisits,
  other: AllVisits,
): string {
  const waits = kinds.map((kind) => own[kind].longestWait.toFixed(1));
  const longest = Math.max(...all(other).map(({ longestWait }) => longestWait)).toFixed(1);
  const cells = [
    name,
    replaced.join(", ") || "none",
    took.toFixed(0),
    ...waits,
    failedOf(own),
    longest,
    failedOf(other),
  ];
  return `| ${cells.join(" | ")} |`;
}
