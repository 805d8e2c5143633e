import { wholeTenant } from "../../backends/docker/effects.ts";
import type { PlannedTenant } from "../../backends/docker/fleetPlan.ts";
import type { DockerTenant } from "../../backends/docker/tenant.ts";
import { sortsOtherwise } from "../../fleet/cLibrary.ts";
import type { Effect } from "../../fleet/effect.ts";
import type { Tenant } from "../../fleet/model.ts";
import { type Change, changeOf, type Difference, difference, entries, pairs } from "./change.ts";
import { dataChanges } from "./dataChanges.ts";
import { recordChanges } from "./recordChanges.ts";
import { routeChanges } from "./routeChanges.ts";
import { isClosed, stateChanges, whileClosed } from "./stateChanges.ts";
import { same, valueWords } from "./value.ts";
import { workloadChanges, workloadComesOrGoes } from "./workloadChanges.ts";

/** All that differs between two versions of a tenant on one stack; none when they are equal. */
export function tenantChanges(before: PlannedTenant, after: PlannedTenant): Change[] {
  return isClosed(before.plan) || isClosed(after.plan)
    ? changesOfClosed(before, after)
    : changesOfRunning(before, after);
}

/** Of one whose services do not run, before or after: what would be said of them is said with the state. */
function changesOfClosed(before: PlannedTenant, after: PlannedTenant): Change[] {
  const whole = [...renamed(before.plan, after.plan), ...replacedAsAWhole(before.plan, after.plan)];
  const rest = isClosed(before.plan) ? whileClosed(before.tenant, after.tenant) : [];
  const later = isClosed(after.plan)
    ? changeOf("tenant", "none", [...whole, ...rest], "nothing of it runs: for when it is active again")
    : changeOf("tenant", "in-place", [...whole, ...rest], "it starts with that");
  return [
    ...moves(before.plan, after.plan),
    ...majorChange(before.tenant, after.tenant),
    ...baseChange(before.tenant, after.tenant),
    ...dataChanges(before.tenant, after.tenant),
    ...stateChanges(before.plan, after.plan),
    ...later,
    ...onlyOfTheFile(before.tenant, after.tenant),
    ...urlChanges(before.plan, after.plan),
    ...routeChanges(before.plan.routes, after.plan.routes),
    ...recordChanges(before.plan.records, after.plan.records),
    ...otherChanges({ ...before.plan, ownImages: [] }, { ...after.plan, ownImages: [] }),
  ];
}

function changesOfRunning(before: PlannedTenant, after: PlannedTenant): Change[] {
  const moved = moves(before.plan, after.plan);
  const whole = replacedAsAWhole(before.plan, after.plan);
  const workloads = workloadsChanges(before.plan, after.plan, whole.length > 0 || moved.length > 0);
  // Addresses follow their network: one line says enough.
  const addresses =
    whole.length > 0 ? workloads.flatMap(({ differences }) => differences.filter(isAddress)) : [];
  const rest = whole.length > 0 ? workloads.flatMap(withoutAddresses) : workloads;
  const paper = rest.filter(({ effect }) => effect === "none").flatMap(({ differences }) => differences);
  return [
    ...moved,
    ...majorChange(before.tenant, after.tenant),
    ...baseChange(before.tenant, after.tenant),
    ...dataChanges(before.tenant, after.tenant),
    ...changeOf("tenant", wholeTenant.effect, [...whole, ...addresses], wholeTenant.words),
    ...releaseChange(before, after),
    ...stateChanges(before.plan, after.plan),
    ...onlyOfTheFile(before.tenant, after.tenant),
    ...rest.filter(({ effect }) => effect !== "none"),
    ...changeOf("capacity", "none", paper, "nothing on the host changes"),
    ...gateChanges(before.plan, after.plan),
    ...urlChanges(before.plan, after.plan),
    ...routeChanges(before.plan.routes, after.plan.routes),
    ...recordChanges(before.plan.records, after.plan.records),
    ...otherChanges(before.plan, after.plan),
  ];
}

/** Another host, engine or volume is another place: what lies in the old one stays there. */
function moves(before: DockerTenant, after: DockerTenant): Change[] {
  const found = (["host", "engine", "volume"] as const).flatMap((name) =>
    before[name] === after[name] ? [] : [difference(name, `${name} ${before[name]} → ${after[name]}`)],
  );
  const consequence =
    before.host === after.host
      ? `data does not move: the tenant would start empty on ${after.host}`
      : `refused by \`pulumi up\`: its data stays on ${before.host}, and no command moves it yet`;
  return changeOf("tenant", "destroys", found, consequence);
}

function majorChange(before: Tenant, after: Tenant): Change[] {
  const [from, to] = [before.release.postgresMajor, after.release.postgresMajor];
  if (from === to) return [];
  const found = [difference("release.postgresMajor", `Postgres ${from} → ${to}`)];
  return changeOf("tenant", "destroys", found, `refused: Postgres ${to} cannot read the volume`);
}

function baseChange({ release: before }: Tenant, { release: after }: Tenant): Change[] {
  if (before.postgresMajor !== after.postgresMajor || before.images.postgres === after.images.postgres)
    return [];
  const [from, to] = [before.postgresBase, after.postgresBase];
  const found = [
    difference("release.postgresBase", `Postgres's system ${from ?? "unknown"} → ${to ?? "unknown"}`),
  ];
  if (sortsOtherwise(from, to)) {
    return changeOf("tenant", "destroys", found, "refused: its C library sorts text otherwise");
  }
  if (from !== undefined && to !== undefined) return [];
  const words =
    "if its C library is another one, Postgres refuses to start and changes nothing: write postgresBase in releases.yaml to know before";
  return changeOf("tenant", "interrupts", found, words);
}

const renamed = (before: DockerTenant, after: DockerTenant): Difference[] =>
  before.release === after.release
    ? []
    : [difference("release", `release ${before.release} → ${after.release}`)];

/** Of a release its images alone are put into place, each where it is another one. */
function releaseChange(
  { plan: before, tenant: { release: from } }: PlannedTenant,
  after: PlannedTenant,
): Change[] {
  const words = same(from.images, after.tenant.release.images)
    ? "its images are the same: nothing is replaced for it"
    : "what has the same image and settings in both stays as it is";
  return changeOf("tenant", "none", renamed(before, after.plan), words);
}

/** An address belongs to its network. */
function replacedAsAWhole(before: DockerTenant, after: DockerTenant): Difference[] {
  return (["internal", "egress"] as const).flatMap((kind) =>
    entries(before.networks[kind], after.networks[kind]).flatMap(([name, from, to]) =>
      same(from, to)
        ? []
        : [difference(`networks.${kind}.${name}`, `${name} of the ${kind} network ${valueWords(from, to)}`)],
    ),
  );
}

const isAddress = ({ property }: Difference) => property.endsWith(".address");

function withoutAddresses(change: Change): Change[] {
  const differences = change.differences.filter((found) => !isAddress(found));
  return differences.length === 0 ? [] : [{ ...change, differences }];
}

function workloadsChanges(before: DockerTenant, after: DockerTenant, replacedAnyway: boolean): Change[] {
  const byPart = ({ workloads }: DockerTenant) =>
    new Map(workloads.map((workload) => [workload.part, workload]));
  return pairs(byPart(before), byPart(after)).flatMap(([, from, to]) => {
    if (from !== undefined && to !== undefined) {
      return workloadChanges(from, to, { replacedAnyway, engine: after.engine });
    }
    const only = from ?? to;
    return only === undefined ? [] : workloadComesOrGoes(only.part, from === undefined);
  });
}

function gateChanges(before: DockerTenant, after: DockerTenant): Change[] {
  const byName = ({ gates }: DockerTenant) => new Map(gates.map((gate) => [gate.name, gate]));
  const found = pairs(byName(before), byName(after)).flatMap(([name, from, to]) => {
    if (same(from, to)) return [];
    // What ends a gate is a script, and follows from what another line says.
    const isEnd = from && to && same({ ...from, last: undefined }, { ...to, last: undefined });
    return [difference(`gates.${name}`, `gate ${name}: ${isEnd ? "what ends it" : valueWords(from, to)}`)];
  });
  return changeOf("gates", "in-place", found, "the gate is passed again, services stay up");
}

/** Cookies are one host's: who is signed in at one address is not at the other. */
const loginMoves =
  "applications send people there from then on, so the name must lead to the tenant before; the other address stays, " +
  "who is signed in at one is not at the other; issuer and tokens stay";

function urlChanges(before: DockerTenant, after: DockerTenant): Change[] {
  const found = entries(before.urls, after.urls).flatMap(([name, from, to]) =>
    same(from, to) ? [] : [difference(`urls.${name}`, `${name} address ${valueWords(from, to)}`)],
  );
  const isLoginAlone = found.every(({ property }) => property === "urls.login");
  const consequence = isLoginAlone
    ? loginMoves
    : "people and applications must be told: tokens of the old issuer are refused";
  return changeOf("addresses", "interrupts", found, consequence);
}

const unknown = { effect: "interrupts", consequence: "see `pulumi preview` for what it does" } as const;

/** Fields that the plan shows as what they do. */
const shownByThePlan = new Set([
  "name",
  "host",
  "release",
  "wanted",
  "images",
  "size",
  "domains",
  "login",
  "admin",
  "mail",
  "cors",
  "clients",
  "defaultClient",
  "schemas",
  "network",
  "state",
]);

/** Fields that show nowhere in what runs, or whose meaning is more than the variables that they change. */
function onlyOfTheFile(before: Tenant, after: Tenant): Change[] {
  return entries(before, after).flatMap(([name, from, to]) => {
    if (shownByThePlan.has(name) || same(from, to)) return [];
    const is = (what: string, effect: Effect, consequence: string) =>
      changeOf("tenant", effect, [difference(name, `${what} ${valueWords(from, to)}`)], consequence);
    switch (name) {
      case "ring":
        return is("ring", "none", "upgraded with that ring from now on");
      case "requirement":
        return is("requirement", "none", "kept for the registry");
      case "secretsGeneration":
        // A generation that has been in use has left its traces: Hydra's key sets, tokens, sessions.
        if (after.secretsGeneration < before.secretsGeneration) {
          return is(
            "secrets generation",
            "destroys",
            "refused by `pulumi up`: what Kratos and Hydra have encrypted and signed with newer secrets could not be read " +
              `any more; leave it at ${before.secretsGeneration}`,
          );
        }
        return is(
          "secrets generation",
          "interrupts",
          "new secrets in front of the old ones, and new passwords for the database; administrators sign in again, and " +
            "nobody else",
        );
      case "secretsOldest":
        if (after.secretsOldest < before.secretsOldest) {
          return is("oldest secrets", "interrupts", "what was made with the older ones can be read again");
        }
        return is(
          "oldest secrets",
          "interrupts",
          `what only secrets older than generation ${after.secretsOldest} can read ends: refresh tokens, which live ` +
            "30 days, and remembered sign-ins; applications and people sign in again. Refused before anything stops while " +
            "Hydra has signing keys that are older",
        );
      case "secretsRoots":
        return is(
          "root key",
          "interrupts",
          "refused where data was encrypted with another one; new secrets are derived from it, so administrators sign in " +
            "again, and nobody else",
        );
      default:
        return is(name, unknown.effect, unknown.consequence);
    }
  });
}

const toldElsewhere = new Set([
  "tenant",
  "state",
  "site",
  "keeper",
  "host",
  "engine",
  "volume",
  "release",
  "wanted",
  "images",
  "networks",
  "workloads",
  "gates",
  "routes",
  "records",
  "urls",
]);

function otherChanges(before: DockerTenant, after: DockerTenant): Change[] {
  return entries(before, after).flatMap(([name, from, to]) => {
    if (toldElsewhere.has(name) || same(from, to)) return [];
    const is = (what: string, effect: Effect, consequence: string) =>
      changeOf("tenant", effect, [difference(name, `${what} ${valueWords(from, to)}`)], consequence);
    switch (name) {
      case "administrator":
        return is("first administrator", "in-place", "another one is made, the first one stays");
      case "confidentialClients":
        return is("clients with a secret", "in-place", "secrets are in the stack's outputs");
      case "ownImages":
        return is("images of its own", "in-place", "the host pulls what is new");
      default:
        return is(name, unknown.effect, unknown.consequence);
    }
  });
}
