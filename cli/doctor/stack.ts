import { stackFileValues } from "../../files/load.ts";
import { didYouMean } from "../../files/suggestion.ts";
import type { Side } from "../../reports/plan/document.ts";
import { UsageError } from "../command.ts";
import { type Files, folderFiles, noStack, side, stacksOf } from "../plan/sides.ts";
import type { DoctorOptions } from "./options.ts";

/** The stack that is meant, and its files. */
export interface ChosenStack {
  readonly name: string;
  readonly side: NonNullable<Side>;
  /** Those of its hosts that are meant. */
  readonly hosts: readonly string[];
}

/** @throws UsageError when it cannot be told which stack or host is meant */
export function chosenStack(project: string, { stack, hosts }: DoctorOptions): ChosenStack {
  const files = folderFiles(project);
  const known = stacksOf(files);
  const named = (stack === undefined ? known : [stack]).flatMap((name) => {
    const names = hostNames(files, name);
    return names === undefined ? [] : [{ name, hostNames: names }];
  });
  if (named.length === 0) throw new UsageError(unknownStack(stack, known));
  const fitting = named.filter((one) => hosts.every((host) => one.hostNames.includes(host)));
  const [only, ...more] = fitting;
  if (only === undefined) {
    const where = named.length === 1 ? `stack ${named[0]?.name}` : "one stack here";
    throw new UsageError(
      unknownHosts(
        hosts,
        named.flatMap((one) => one.hostNames),
        where,
      ),
    );
  }
  if (more.length > 0) {
    const names = fitting.map(({ name }) => name).join(", ");
    throw new UsageError(`Which stack? Write --stack with one of: ${names}.`);
  }
  const found = side(only.name, files) ?? { problems: [] };
  return { name: only.name, side: found, hosts: hosts.length > 0 ? hosts : only.hostNames };
}

/** Of a stack whose files may be wrong otherwise; undefined where there is no such file. */
function hostNames({ read }: Files, stack: string): string[] | undefined {
  const file = `Pulumi.${stack}.yaml`;
  const text = read(file);
  if (text === undefined) return undefined;
  const { hosts } = stackFileValues({ file, text }).config;
  return typeof hosts === "object" && hosts !== null ? Object.keys(hosts) : [];
}

function unknownStack(stack: string | undefined, known: readonly string[]): string {
  if (known.length === 0) return noStack;
  return `--stack ${stack}: there is no Pulumi.${stack}.yaml. Stacks here: ${known.join(", ")}.`;
}

function unknownHosts(hosts: readonly string[], known: readonly string[], where: string): string {
  const unknown = hosts.find((host) => !known.includes(host)) ?? hosts.join(" and ");
  const list = [...new Set(known)].join(", ");
  return `${unknown} is not a host of ${where} (${list}). ${didYouMean(unknown, known, "Write one of these.")}`;
}
