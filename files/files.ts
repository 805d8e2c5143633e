import type { z } from "zod";
import type { Host, Size } from "../fleet/model.ts";
import { onlyHost } from "../fleet/placement.ts";
import { namedSize, resized } from "../fleet/sizes.ts";
import type { Service } from "../fleet/tenant/parts.ts";
import { services } from "../fleet/tenant/parts.ts";
import { type Checked, checked, checkedText, pastedValues } from "./checked.ts";
import { defaults } from "./defaults.ts";
import type { Fault } from "./fault.ts";
import type { HostEntry } from "./hostFields.ts";
import { sshAddress } from "./machine.ts";
import { mebibytes } from "./memory.ts";
import { secretIn } from "./pasted.ts";
import { isWritten, keysOf, type Path, valueAt } from "./path.ts";
import type { Source } from "./place.ts";
import { type Problem, problem } from "./problem.ts";
import { releasesFile } from "./releases.ts";
import { readYaml, type TextFile } from "./source.ts";
import { stackConfig } from "./stack.ts";
import { plainSecrets, stackSource } from "./stackFile.ts";
import { type SizeEntry, type TenantEntry, tenantsFile } from "./tenants.ts";

/** All that a fleet is read from. The caller has read the files; nothing here touches a disk. */
export interface FleetInput {
  readonly stack: string;
  /** The stack's configuration in the namespace `olympus`, as a plain object. */
  readonly config: unknown;
  /** Pulumi.<stack>.yaml, so that problems of the configuration have a line too. */
  readonly configSource?: TextFile | undefined;
  readonly tenants: TextFile;
  readonly releases: TextFile;
  /** Text of an identity schema by its path in tenants.yaml; undefined when there is no such file. */
  readonly schemaTexts: (path: string) => string | undefined;
  /** In front of names of schema files in messages, `origin/main:`. Default: nothing. */
  readonly label?: string;
  /** Keys of the stack's secrets: `smtp-main` for `olympus:smtp-main`. Never their values. */
  readonly secretKeys: readonly string[];
  /** What is wrong with values of secrets, by key. Default: nobody has looked, as offline. */
  readonly secretFaults?: ReadonlyMap<string, Fault> | undefined;
  /** For windows of rings that are over, which are refused then. Default: none is. */
  readonly now?: Date | undefined;
}

const looseTenants = tenantsFile.partial();
const looseReleases = releasesFile.partial();
const looseConfig = stackConfig.partial();

/** A tenant of the file, held against hosts and defaults; its own fields are sound, its references may not be. */
export interface Entry {
  readonly name: string;
  readonly at: Path;
  readonly written: TenantEntry;
  /** As written, or the only host there is. */
  readonly host: string | undefined;
  readonly size: Size;
  /** False for tenants of other stacks' hosts and for those whose host is not known. */
  readonly isHere: boolean;
}

/** The files, each checked by itself: what the rules that hold them against each other start from. */
export interface Files {
  readonly input: FleetInput;
  readonly tenants: Checked<z.infer<typeof looseTenants>>;
  readonly releases: Checked<z.infer<typeof looseReleases>>;
  readonly config: Checked<z.infer<typeof looseConfig>>;
  /** Of this stack, sound ones only. */
  readonly hosts: ReadonlyMap<string, Host>;
  /** Of this stack, unsound ones too: a tenant on one of them is not wrong. */
  readonly hostNames: readonly string[];
  readonly elsewhere: readonly string[];
  /** Those of this stack's hosts that route to the others and hold no tenant. */
  readonly edges: readonly string[];
  readonly entries: readonly Entry[];
}

export function checkedFiles(input: FleetInput): Files {
  const tenants = checkedText(readYaml(input.tenants), tenantsFile, looseTenants, unitOfTenants);
  const releases = checkedText(readYaml(input.releases), releasesFile, looseReleases, ([first]) =>
    first === "releases" ? 2 : 1,
  );
  const config = checkedConfig(input);
  const hosts = new Map(
    Object.entries(config.value?.hosts ?? {}).map(([name, entry]) => [name, hostOf(name, entry)]),
  );
  const hostNames = keysOf(valueAt(config.source.value, ["hosts"]));
  const elsewhere = config.value?.elsewhere ?? [];
  const edges = config.value?.edge?.hosts ?? [];
  const homes = hostNames.filter((name) => !edges.includes(name));
  const usual = sizeOf(tenants.value?.defaults?.size, namedSize(defaults.tenant.size));
  const entries = Object.entries(tenants.value?.tenants ?? {}).map(([name, entry]): Entry => {
    const at = ["tenants", name];
    const written = entry ?? {};
    const isLeftOut = !isWritten(tenants.source.value, [...at, "host"]);
    const host = isLeftOut ? onlyHost(homes, elsewhere) : written.host;
    const isHere = host !== undefined && hostNames.includes(host);
    return { name, at, written, host, isHere, size: sizeOf(written.size, usual) };
  });
  return { input, tenants, releases, config, hosts, hostNames, elsewhere, edges, entries };
}

/** A field of a tenant or of a ring; a list of rings is sound as a whole or not at all. */
function unitOfTenants([first, second]: Path): number {
  if (first === "tenants") return 3;
  if (first === "rings") return typeof second === "string" ? 3 : 1;
  return first === "defaults" ? 2 : 1;
}

function checkedConfig(input: FleetInput): Files["config"] {
  const read = input.configSource === undefined ? undefined : readYaml(input.configSource);
  const source = stackSource(input.config, read?.source);
  // Host keys are random by nature; what encrypts values, too.
  const pasted = pastedValues(source.value, [], secretIn);
  const paths = pasted.map(({ at }) => at);
  const found = checked(source, stackConfig, looseConfig, ([first]) => (first === "hosts" ? 2 : 1), paths);
  const secrets = [
    ...pasted.map((finding) => problem(source, finding)),
    ...(read === undefined
      ? []
      : plainSecrets(
          read.source,
          paths.map((at) => source.place(at)?.line),
        )),
  ];
  return { ...found, problems: [...secrets, ...found.problems] };
}

/** A fault at a path of one of the files. */
export function fault(file: { readonly source: Source }, at: Path, what: Fault): Problem {
  return problem(file.source, { at, ...what });
}

/** Whether the file has something there, sound or not: what is not sound has been reported. */
export function hasWritten(file: { readonly source: Source }, at: Path): boolean {
  return isWritten(file.source.value, at);
}

function hostOf(name: string, entry: HostEntry): Host {
  const usual = defaults.host;
  const ssh = sshAddress(entry.address);
  return {
    name,
    address: entry.address,
    ssh: ssh && { ...ssh, hostKey: entry.hostKey ?? "", identityFile: entry.identityFile },
    engine: entry.engine ?? usual.engine,
    publicAddress: entry.publicAddress ?? [],
    memoryMiB: mebibytes(entry.memory) ?? 0,
    reserveMiB: mebibytes(entry.reserve ?? usual.reserve) ?? 0,
    networkPool: entry.networkPool ?? usual.networkPool,
    httpPort: entry.httpPort ?? usual.httpPort,
    httpsPort: entry.httpsPort ?? usual.httpsPort,
    healthIntervalSeconds: entry.healthInterval ?? usual.healthInterval,
    inputRule: entry.inputRule ?? usual.inputRule,
  };
}

function sizeOf(entry: SizeEntry | undefined, usual: Size): Size {
  if (entry === undefined) return usual;
  if (typeof entry === "string") return namedSize(entry);
  const limits: Partial<Record<Service, number>> = {};
  for (const service of services) {
    const limit = mebibytes(entry[service] ?? "");
    if (limit !== undefined) limits[service] = limit;
  }
  return resized(entry.base === undefined ? usual : namedSize(entry.base), limits);
}
