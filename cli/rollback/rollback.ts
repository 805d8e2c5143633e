import { Known } from "../../backends/docker/known.ts";
import { ledgerOf } from "../../backends/docker/ledger.ts";
import { problemLine } from "../../files/problem.ts";
import { listed } from "../../fleet/listed.ts";
import type { Fleet } from "../../fleet/model.ts";
import { releaseId } from "../../fleet/release.ts";
import type { Ledger } from "../../fleet/rings/ledger.ts";
import { exportedResources } from "../../reports/exported.ts";
import { arrival } from "../../reports/rollback/arrival.ts";
import {
  objections,
  type RollbackDocument,
  stoppedFor,
  type TenantBack,
} from "../../reports/rollback/document.ts";
import { RollbackRefusal, type Target, targetOf } from "../../reports/rollback/target.ts";
import { wantedAfter } from "../../reports/rollback/wanted.ts";
import { chosenStack } from "../chosenStack.ts";
import { command, exitCodes, type Terminal, UsageError } from "../command.ts";
import { writeWhole } from "../file.ts";
import { Pulumi } from "../pulumi.ts";
import { type Moving, TenantDatabases, Unasked } from "./databases.ts";
import { type Edited, edited, releasePlace } from "./files.ts";
import { HostWays } from "./hostWays.ts";
import { type RollbackOptions, rollbackOptions, usage } from "./options.ts";
import { text } from "./text.ts";

/** Takes a tenant or a ring back to the release of before. */
export const rollback = command({
  summary: "TENANT|RING: back to the release of before, by an edit and what has to be done before it",
  usage,
  options: rollbackOptions,
  run: async (options, terminal) => {
    try {
      const document = await rolledBack(options, terminal);
      terminal.out(options.json ? `${JSON.stringify(document, null, 2)}\n` : text(document));
      return exitCodes.fine;
    } catch (error) {
      if (error instanceof Halfway) {
        terminal.err(`${error.message}\n`);
        return error.cause instanceof Unasked ? exitCodes.unknown : exitCodes.problems;
      }
      if (!(error instanceof RollbackRefusal || error instanceof Unasked)) throw error;
      terminal.err(`${error.message}\nNothing was written.\n`);
      return error instanceof Unasked ? exitCodes.unknown : exitCodes.problems;
    }
  },
});

async function rolledBack(options: RollbackOptions, terminal: Terminal): Promise<RollbackDocument> {
  const ways = new HostWays();
  try {
    return await rolledBackOver(ways, options, terminal);
  } finally {
    await ways.close();
  }
}

async function rolledBackOver(
  ways: HostWays,
  options: RollbackOptions,
  terminal: Terminal,
): Promise<RollbackDocument> {
  const { stack, configFile, side, files } = chosenStack(terminal.project, options);
  if (!("planned" in side)) throw new UsageError(side.problems.map(problemLine).join("\n"));
  const { fleet } = side.planned;
  const ledger = await remembers(new Pulumi(terminal.project, stack, configFile), fleet);
  const target = targetOf({ name: options.name, to: options.to, fleet, ledger });
  const name = fleet.config.stack;
  const edit = edited(terminal.project, name, files, wantedAfter(fleet, target, ledger));
  const moving = movingOf(target, edit, (release) => releasePlace(name, files, release));
  const also = arrival(edit.planned.fleet, fleet, target, ledger, new Date());
  const tenants = await sideBySide(moving, async (one) => {
    const host = fleet.config.hosts[one.tenant.host];
    if (host === undefined) throw new RollbackRefusal(`${one.tenant.name} has no host in stack ${name}.`);
    const databases = new TenantDatabases(one, host, fleet.config, ways.to(host));
    const since = ledger.since.get(one.tenant.name);
    const back = {
      tenant: one.tenant.name,
      has: one.has.name,
      ...(since !== undefined && { since: since.toISOString() }),
      services: await databases.ways(),
    };
    return { databases, back };
  });
  const lines = objections(
    tenants.map(({ back }) => back),
    target.to,
    options.accepted,
  );
  if (lines.length > 0) throw new RollbackRefusal(lines.join("\n"));
  if (!options.isCheck) {
    edit.expectSame();
    await carriedOut(tenants, () => {
      // That may have taken minutes.
      edit.expectSame();
      if (edit.asking.changes.length > 0) writeWhole("tenants.yaml", edit.path, edit.asking.text);
    });
  }
  return {
    version: 1,
    stack,
    kind: target.kind,
    name: target.name,
    to: target.to,
    tenants: tenants.map(({ back }) => back),
    closed: target.closed.map((one) => one.name),
    also,
    edits: edit.asking.changes,
    isDone: !options.isCheck,
    next: `pulumi up --stack ${stack}`,
  };
}

/** How many tenants are asked at once: each has a program run that hosts are not reckoned for. */
const atOnce = 4;

/** A few at a time. Where one cannot be done nobody is begun after it, and what others still do on their hosts is not cut off. */
async function sideBySide<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const done: Result[] = [];
  for (let from = 0; from < items.length; from += atOnce) {
    const some = items.slice(from, from + atOnce).map(work);
    await Promise.allSettled(some);
    done.push(...(await Promise.all(some)));
  }
  return done;
}

/** It ended in the middle: services are stopped, and the file does not say so. */
class Halfway extends Error {
  override readonly name = "Halfway";

  constructor(cause: Error, stopped: readonly string[]) {
    super(
      `${cause.message}\ntenants.yaml was not written. May be stopped, with migrations taken back: ${stopped.join(", ")}. Run the command again at once: it goes on where it ended.`,
      { cause },
    );
  }
}

/** Takes migrations back, tenant by tenant, and writes the file last: until then the command can be run again. */
async function carriedOut(
  tenants: readonly { readonly databases: TenantDatabases; readonly back: TenantBack }[],
  write: () => void,
): Promise<void> {
  const stopped: string[] = [];
  try {
    for (const { databases, back } of tenants) {
      stopped.push(...stoppedFor(back));
      await databases.takeBack(back.services);
    }
    write();
  } catch (error) {
    if (stopped.length === 0 || !(error instanceof Error)) throw error;
    throw new Halfway(error, stopped);
  }
}

async function remembers(pulumi: Pulumi, { config }: Fleet): Promise<Ledger> {
  const resources = exportedResources(await pulumi.state());
  if (resources.length === 0) {
    throw new RollbackRefusal(
      `stack ${config.stack} has never run, so there is nothing to go back to. Write the release that is wanted, and run pulumi up.`,
    );
  }
  return ledgerOf(new Known(resources));
}

/** What each tenant is to get back, as releases.yaml has it now. */
function movingOf({ tenants, to, id }: Target, edit: Edited, placeOf: (release: string) => string): Moving[] {
  const after = new Map(edit.planned.fleet.tenants.map((one) => [one.name, one]));
  return tenants.flatMap(({ tenant, has }): Moving[] => {
    const release = after.get(tenant.name)?.wanted;
    if (release === undefined) return [];
    if (id !== undefined && releaseId(release) !== id) {
      throw new RollbackRefusal(
        `${placeOf(to)}  release ${to} has other images than ${tenant.name} had with it. Write back those that it had, or name another release with --to.`,
      );
    }
    if (release.postgresMajor !== has.postgresMajor) {
      throw new RollbackRefusal(
        `${placeOf(to)}  release ${to} has Postgres ${release.postgresMajor}, and the data of ${listed([tenant.name], 1)} was written by Postgres ${has.postgresMajor}. Name another release with --to, or a copy of ${to} with Postgres ${has.postgresMajor}.`,
      );
    }
    return [{ tenant, has, to: release }];
  });
}
