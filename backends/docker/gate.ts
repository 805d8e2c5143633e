import type { GateName } from "../../fleet/tenant/workload.ts";
import { line } from "../../hosts/shell.ts";
import { firewallContainer } from "./names.ts";
import type { Membership } from "./tenant.ts";

/** A container that exists on the host, by the id that the engine gave it. */
export interface GateContainer {
  readonly name: string;
  readonly id: string;
  readonly pidsLimit: number;
  /** All networks that it is in. */
  readonly memberships: readonly Membership[];
}

export interface GateService extends GateContainer {
  readonly health: readonly string[];
  readonly prepare: readonly string[];
  readonly proof: readonly string[];
}

/** What runs in a container. */
export interface GateInside {
  readonly container: string;
  readonly command: readonly string[];
}

/** What tries a tenant. */
export interface GateProbe extends GateInside {
  /** Of its containers' names, `acme-`. */
  readonly prefix: string;
}

export interface GateScript {
  readonly gate: GateName;
  readonly await: readonly GateService[];
  readonly first?: readonly GateContainer[];
  readonly run: readonly GateContainer[];
  readonly watch: readonly Pick<GateContainer, "name" | "id">[];
  readonly probe?: GateProbe | undefined;
  readonly last?: GateInside | undefined;
  readonly timeoutSeconds: number;
  readonly stepSeconds: number;
}

/** The functions that gates are made of, as a shell library (see `HostScriptArgs`): what a gate does is read there. */
export const gateLibrary = ["waiting", "steps", "proving", "complaint"].map(
  (name) => `backends/docker/gate/${name}.sh`,
);

/**
 * The script of a gate, for `sh -s`. It names containers where people read and ids where it matters that this
 * very container is meant: a replaced container makes a new script, so the gate is passed again. It needs `gateLibrary` before it.
 */
export function gateScript(gate: GateScript): string {
  const { watch, probe, last } = gate;
  return [
    "set -eu",
    "offer_way_back",
    "take_turn",
    ...watch.map(({ name, id }) => `# ${name} ${id}`),
    ...(watch.length > 0 ? [line("watch", ...watch.map(({ name }) => name))] : []),
    ...gate.await.map(({ health, prepare, proof, ...container }) => [
      ...prepared(container),
      line("healthy", container.name, String(gate.timeoutSeconds), line(...prepare), ...health),
      ...(proof.length > 0 ? [line("proven", container.name, ...proof)] : []),
    ]),
    ...(gate.first ?? []).map((step) => [...started(step), finished(step, gate)]),
    // Side by side: each is mostly waiting for the database.
    ...gate.run.map(started),
    ...gate.run.map((step) => finished(step, gate)),
    ...(probe ? [line("tried", probe.prefix, probe.container, ...probe.command)] : []),
    ...(watch.length > 0 ? ["unmoved"] : []),
    ...(last ? [line("concluded", last.container, ...last.command)] : []),
    "",
  ]
    .flat()
    .join("\n");
}

const started = (step: GateContainer) => [...prepared(step), `${line("ask", "start", step.name)} >/dev/null`];
const finished = ({ name }: GateContainer, { stepSeconds }: GateScript) =>
  line("finish", name, String(stepSeconds));

const prepared = ({ name, id, pidsLimit, memberships }: GateContainer) => [
  `# ${name} ${id}`,
  line("limit", name, String(pidsLimit)),
  line(
    "joined",
    name,
    ...memberships.flatMap(({ network, address = "", alias = "" }) => [network, address, alias]),
  ),
];

export interface FirewallGate {
  /** Of the firewall's container: another one is another gate. */
  readonly id: string;
  readonly health: readonly string[];
  readonly policy: "require" | "report";
  /** Takes the rules away when the resource goes: with the host's last tenant, and not when an image changes. */
  readonly withdraw: string;
}

/**
 * The firewall's gate, which needs `gateLibrary` as well, prints `applied`. Where the rules cannot be set it fails, or,
 * for a host that only wants to be told, prints why not.
 */
export function firewallGate({ id, health, policy, withdraw }: FirewallGate): string {
  const check = line("healthy", firewallContainer, "20", "", ...health);
  const told = `if reason=$( (${check}) 2>&1 ); then echo applied; else echo "not applied: $reason"; fi`;
  return `set -eu
# ${firewallContainer} ${id}
case $1 in
create)
${policy === "require" ? `${check}\necho applied` : told}
;;
delete)
${withdraw};;
esac
`;
}
