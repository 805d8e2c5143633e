import { managedBy, physicalName } from "../../fleet/names.ts";
import { gateNames } from "../../fleet/tenant/workload.ts";
import { line } from "../../hosts/shell.ts";
import type { HostFacts } from "./facts.ts";
import { keeperPart } from "./keeper.ts";
import type { Known } from "./known.ts";
import type { DockerTenant } from "./tenant.ts";

type Placed = Pick<DockerTenant, "tenant" | "host" | "engine" | "volume">;

/** Gates of a tenant in any state: at least one is in the state of every stack that has made it. */
export const everyGate = [...gateNames, keeperPart].map((name) => `gate-${name}`);

/**
 * Why a tenant may not be touched, so that its data is neither lost nor begun empty in silence: its volume is gone, is
 * another's, or is encrypted with a root key that the state does not know. Undefined when nothing speaks against it.
 *
 * @param isSameWay whether the host is reached as the state has it: otherwise it may be another machine
 */
export function dataFault(
  plan: Placed,
  { volumes }: HostFacts,
  known: Known,
  isSameWay: boolean,
): string | undefined {
  const { tenant, volume } = plan;
  const found = volumes.get(volume);
  // A gate in the state means that the tenant has lived: its database was there, and people may have used it.
  const hasLived = everyGate.some((gate) => known.has("command", physicalName(tenant, gate)));
  if (found === undefined) return hasLived ? lost(plan, isSameWay) : undefined;
  if (!known.has("volume", volume) && found.tenant !== tenant) return foreign(plan, found.tenant);
  return known.has("secret", physicalName(tenant, "root-key")) ? undefined : unreadable(plan);
}

/** Labels of a tenant's volume, by which it is known to be that tenant's. */
export const volumeLabels = (tenant: string) => ({ tenant, service: "postgres" });

const makeVolume = ({ engine, volume, tenant }: Placed) =>
  line(
    engine,
    ...["volume", "create"],
    ...Object.entries({ "managed-by": managedBy, ...volumeLabels(tenant) }).flatMap(([label, value]) => [
      "--label",
      `olympus-fleet.${label}=${value}`,
    ]),
    volume,
  );

/** What still runs knows the database of before, and a step that was done there would not be done again. */
const removeContainers = ({ engine, tenant }: Placed) =>
  `${line(engine, "ps", "--all", "--quiet", "--filter", `label=olympus-fleet.tenant=${tenant}`)} | xargs --no-run-if-empty ${engine} rm --force`;

const otherMachine = (host: string) =>
  `\nThe runs before have reached ${host} at another address. If that machine has the data, write its address again.`;

const lost = (plan: Placed, isSameWay: boolean) =>
  `host ${plan.host}: volume ${plan.volume} is gone, and with it all data of ${plan.tenant}.${isSameWay ? "" : otherMachine(plan.host)}
Nothing of ${plan.tenant} is touched, and it is not begun empty. On the host, remove what is left of its containers and make the volume:
  ${removeContainers(plan)}
  ${makeVolume(plan)}
To restore ${plan.tenant}, put its backup into it (docs/operate.md). To begin ${plan.tenant} empty on purpose, put nothing into it.
Then: pulumi up --refresh`;

const foreign = ({ host, volume, tenant, engine }: Placed, owner: string | undefined) =>
  `host ${host}: volume ${volume} is there, and ${owner === undefined ? `does not say that it is ${tenant}'s` : `says that it is ${owner}'s`}. This stack has not made it.
Nothing of ${tenant} is touched. If nobody needs what is in it: ${line(engine, "volume", "rm", volume)}, then pulumi up. If somebody does, write another name for the tenant.`;

const unreadable = ({ host, volume, tenant, engine }: Placed) =>
  `host ${host}: volume ${volume} is there, with data of a ${tenant} whose root key this stack's state does not know.
A new root key could not read it, so nothing of ${tenant} is touched. To have its data, restore the state that knows the key (pulumi stack import).
To begin ${tenant} empty on purpose: ${line(engine, "volume", "rm", volume)}, then pulumi up --refresh`;
