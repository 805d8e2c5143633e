import { didYouMean } from "../../fleet/file/suggestion.ts";
import { problemsOf, type Side } from "../../fleet/plan/document.ts";
import { UsageError } from "../command.ts";
import { folderFiles, side, stacksOf } from "../plan/sides.ts";
import type { DoctorOptions } from "./options.ts";

/** The stack that is meant, and its files. */
export interface ChosenStack {
  readonly name: string;
  readonly side: NonNullable<Side>;
  /** Those of its hosts that are meant; empty where the files are wrong. */
  readonly hosts: readonly string[];
}

/** @throws UsageError when it cannot be told which stack or host is meant */
export function chosenStack(project: string, { stack, hosts }: DoctorOptions): ChosenStack {
  const files = folderFiles(project);
  const known = stacksOf(files);
  const read = (name: string) => side(name, files);
  const wanted = stack === undefined ? known : [stack];
  const sides = wanted.flatMap((name) => {
    const found = read(name);
    return found === undefined ? [] : [{ name, side: found }];
  });
  if (sides.length === 0) throw new UsageError(noStack(stack, known));
  const fitting = sides.filter((one) => hosts.every((host) => hostsOf(one.side).includes(host)));
  const [only, ...more] = fitting.length > 0 ? fitting : sides;
  if (only === undefined || more.length > 0) {
    throw new UsageError(
      fitting.length > 1 || hosts.length === 0
        ? `Which stack? Write --stack with one of: ${sides.map(({ name }) => name).join(", ")}.`
        : unknownHosts(
            hosts,
            sides.flatMap((one) => hostsOf(one.side)),
            "a stack here",
          ),
    );
  }
  if (problemsOf(only.side).length > 0) return { ...only, hosts: [] };
  if (fitting.length === 0)
    throw new UsageError(unknownHosts(hosts, hostsOf(only.side), `stack ${only.name}`));
  return { ...only, hosts: hosts.length > 0 ? hosts : hostsOf(only.side) };
}

const hostsOf = (files: NonNullable<Side>): string[] =>
  "planned" in files ? Object.keys(files.planned.fleet.config.hosts) : [];

function noStack(stack: string | undefined, known: readonly string[]): string {
  if (known.length === 0) return "There is no Pulumi.<stack>.yaml that names hosts.";
  return `--stack ${stack}: there is no Pulumi.${stack}.yaml. Stacks here: ${known.join(", ")}.`;
}

function unknownHosts(hosts: readonly string[], known: readonly string[], where: string): string {
  const unknown = hosts.find((host) => !known.includes(host)) ?? hosts.join(" and ");
  const list = [...new Set(known)].join(", ");
  return `${unknown} is not a host of ${where} (${list}). ${didYouMean(unknown, known, "Write one of these.")}`;
}
