import { checkedFiles, type Files, type FleetInput } from "./file/files.ts";
import { FleetProblems } from "./file/problem.ts";
import { resolved } from "./file/resolution.ts";
import { dns } from "./file/rules/dns.ts";
import { domain, login } from "./file/rules/domain.ts";
import { edge } from "./file/rules/edge.ts";
import { host } from "./file/rules/host.ts";
import { identitySchema } from "./file/rules/identitySchema.ts";
import { floating, postgresMajor } from "./file/rules/image.ts";
import { name } from "./file/rules/name.ts";
import { network } from "./file/rules/network.ts";
import { placement } from "./file/rules/placement.ts";
import { mail, release, ring } from "./file/rules/reference.ts";
import type { Rule } from "./file/rules/rule.ts";
import { capacity, least } from "./file/rules/size.ts";
import { ssh } from "./file/rules/ssh.ts";
import type { Fleet } from "./model.ts";

export type { FleetInput } from "./file/files.ts";
export { FleetProblems } from "./file/problem.ts";
export {
  configurationValue,
  isSecretKey,
  type StackValues,
  stackFileValues,
  tokenKey,
} from "./file/stackFile.ts";

const rules: readonly Rule[] = [
  host,
  ssh,
  edge,
  dns,
  placement,
  name,
  domain,
  login,
  release,
  ring,
  mail,
  floating,
  postgresMajor,
  identitySchema,
  least,
  capacity,
  network,
];

/**
 * The fleet of one stack. Throws `FleetProblems` with everything that is wrong with the files, each with its line
 * and what to write instead; a fleet that comes back is sound in every field.
 */
export function loadFleet(input: FleetInput): Fleet {
  const files: Files = checkedFiles(input);
  const problems = [
    ...files.tenants.problems,
    ...files.releases.problems,
    ...files.config.problems,
    ...rules.flatMap((rule) => rule(files)),
  ];
  if (problems.length > 0) throw new FleetProblems(problems);
  return resolved(files);
}
