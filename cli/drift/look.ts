import type { Databases } from "../../backends/docker/databases.ts";
import { redacted } from "../../files/pasted.ts";
import { problemLine } from "../../files/problem.ts";
import type { Printed } from "../../hosts/run.ts";
import { notCompared } from "../../reports/drift/complaints.ts";
import { type DriftDocument, driftDocument, type NotCompared } from "../../reports/drift/document.ts";
import { hostDrift } from "../../reports/drift/hostDrift.ts";
import { pending } from "../../reports/drift/pending.ts";
import { resourceDrift } from "../../reports/drift/resourceDrift.ts";
import { roomDrift } from "../../reports/drift/roomDrift.ts";
import { StackState } from "../../reports/drift/state.ts";
import { type Digest, readDigest } from "../../reports/drift/steps.ts";
import type { ChosenStack } from "../chosenStack.ts";
import { Pulumi } from "../pulumi.ts";
import { askHosts } from "./hosts.ts";

/**
 * Holds hosts and DNS against the state, and the files as well. Hosts are asked for what Pulumi cannot read, while
 * Pulumi reads the rest.
 */
export async function look(
  project: string,
  { stack, configFile, side }: ChosenStack,
): Promise<DriftDocument> {
  const pulumi = new Pulumi(project, stack, configFile);
  const state = new StackState(stack, await pulumi.state());
  if (!("planned" in side)) {
    const why = side.problems.map(problemLine).join("\n");
    return driftDocument(stack, { drift: [], pending: [], notCompared: [wholeStack(stack, why)] });
  }

  const [answers, refreshed] = await Promise.all([askHosts(side.planned, state.hosts), pulumi.refresh()]);
  const previewed = await pulumi.preview();
  if (new StackState(stack, await pulumi.state()).written !== state.written) {
    const why = "a run of Pulumi changed it meanwhile: look again when that has come to its end";
    return driftDocument(stack, { drift: [], pending: [], notCompared: [wholeStack(stack, why)] });
  }

  const [engines, files] = [readDigest(refreshed.out), readDigest(previewed.out)];
  const silent = answers.flatMap((answer) => ("facts" in answer ? [] : [answer]));
  const asked = answers.flatMap((answer) => ("facts" in answer ? [answer] : []));
  return driftDocument(stack, {
    drift: [
      ...resourceDrift(engines?.steps ?? [], state),
      ...asked.flatMap(({ host, facts, databases }) => [
        ...hostDrift(host, facts, state),
        ...(databases === undefined ? [] : roomDrift(host, databases, state)),
      ]),
    ],
    notCompared: [
      ...notCompared(silent, engines?.errors ?? [], state),
      ...asked.flatMap(({ host, databases }) => unanswered(host, databases)),
      ...withoutDigest("engines and DNS", engines, refreshed),
      ...withoutDigest("the files", files, previewed),
      ...(files?.errors ?? []).slice(0, 1).map(({ message }) => ({ ...theFiles, why: redacted(message) })),
    ],
    pending: pending(files?.steps ?? [], state),
  });
}

const wholeStack = (stack: string, why: string): NotCompared => ({
  what: `stack ${stack}`,
  why,
  tenants: [],
});
const theFiles = { what: "the files", tenants: [] };

function unanswered(host: string, databases: Databases | undefined): NotCompared[] {
  if (databases?.isWhole) return [];
  const why =
    databases === undefined
      ? "the host has not said which there are, though it answered other questions: look once more"
      : "not all of them have answered in time, and one may hang";
  return [{ what: `databases of host ${host}`, why, tenants: [] }];
}

/** Pulumi has failed before it looked at anything. */
function withoutDigest(what: string, digest: Digest | undefined, { err, out }: Printed): NotCompared[] {
  if (digest !== undefined) return [];
  return [{ what, why: redacted(err.trim() || out.trim() || "pulumi has said nothing"), tenants: [] }];
}
