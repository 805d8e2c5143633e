import type { EditFault } from "../fleet/editFault.ts";
import type { Fleet } from "../fleet/model.ts";
import type { PostgresKind } from "../fleet/postgresVolume.ts";
import { editProblem } from "./editProblem.ts";
import { checkedFiles, type Files, type FleetInput } from "./files.ts";
import { postgresKind } from "./postgresKind.ts";
import { FleetProblems, problemLine } from "./problem.ts";
import { resolved } from "./resolution.ts";
import { client } from "./rules/client.ts";
import { dns } from "./rules/dns.ts";
import { domain, login } from "./rules/domain.ts";
import { edge } from "./rules/edge.ts";
import { host } from "./rules/host.ts";
import { identitySchema } from "./rules/identitySchema.ts";
import { floating, postgresBase, postgresMajor, version } from "./rules/image.ts";
import { mailServer } from "./rules/mailServer.ts";
import { name } from "./rules/name.ts";
import { network } from "./rules/network.ts";
import { placement } from "./rules/placement.ts";
import { purge } from "./rules/purge.ts";
import { defaultClient, mail, release, ring } from "./rules/reference.ts";
import { after } from "./rules/ring.ts";
import { rootKeys } from "./rules/rootKey.ts";
import type { Rule } from "./rules/rule.ts";
import { secrets } from "./rules/secrets.ts";
import { capacity, least } from "./rules/size.ts";
import { ssh } from "./rules/ssh.ts";
import { longVariables } from "./rules/variable.ts";
import { window } from "./rules/window.ts";

export type { FleetInput } from "./files.ts";
export { FleetProblems } from "./problem.ts";
export {
  configurationValue,
  type StackValues,
  stackFileValues,
} from "./stackFile.ts";

const rules: readonly Rule[] = [
  host,
  ssh,
  edge,
  dns,
  placement,
  name,
  domain,
  login,
  client,
  release,
  ring,
  after,
  window,
  mail,
  mailServer,
  defaultClient,
  floating,
  postgresMajor,
  postgresBase,
  version,
  identitySchema,
  least,
  capacity,
  network,
  purge,
  secrets,
  rootKeys,
];

/**
 * The fleet of one stack. Throws `FleetProblems` with everything that is wrong with the files, each with its line
 * and what to write instead; a fleet that comes back is sound in every field.
 */
export const loadFleet = (input: FleetInput): Fleet => loadPlacedFleet(input).fleet;

/** A sound fleet, and what is asked about its files when an edit of them turns out to be unsound. */
export interface PlacedFleet {
  readonly fleet: Fleet;
  /** A fault as a line that leads to its place: `tenants.yaml:12:5  tenants.acme.host: …`. */
  readonly lineOf: (fault: EditFault) => string;
  /** What the files say of a Postgres image. */
  readonly postgresKind: (image: string) => PostgresKind;
}

/** @throws FleetProblems as `loadFleet` does */
export function loadPlacedFleet(input: FleetInput): PlacedFleet {
  const files: Files = checkedFiles(input);
  const problems = [
    ...files.tenants.problems,
    ...files.releases.problems,
    ...files.config.problems,
    ...rules.flatMap((rule) => rule(files)),
  ];
  if (problems.length > 0) throw new FleetProblems(problems);
  const fleet = resolved(files);
  const tooLong = longVariables(files, fleet);
  if (tooLong.length > 0) throw new FleetProblems(tooLong);
  return {
    fleet,
    lineOf: (fault) => problemLine(editProblem(files, fault)),
    postgresKind: (image) => postgresKind(files, image),
  };
}
