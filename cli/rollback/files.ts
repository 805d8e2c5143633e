import { resolve } from "node:path";
import type { PlannedFleet } from "../../backends/docker/fleetPlan.ts";
import { defaults } from "../../files/defaults.ts";
import { stackFileValues } from "../../files/load.ts";
import { problemLine } from "../../files/problem.ts";
import { type Asking, asking } from "../../files/release/asking.ts";
import { readYaml } from "../../files/source.ts";
import { RollbackRefusal } from "../../reports/rollback/target.ts";
import { type Files, side } from "../plan/sides.ts";

/** The edit of tenants.yaml, and the fleet as it is then. */
export interface Edited {
  readonly asking: Asking;
  readonly planned: PlannedFleet;
  /** Whole path of the file. */
  readonly path: string;
  readonly file: string;
  /** @throws RollbackRefusal where somebody has changed the file meanwhile */
  readonly expectSame: () => void;
}

/** Which files a stack's fleet is read from. */
const nameIn = (files: Files, stack: string, key: "tenantsFile" | "releasesFile") => {
  const file = `Pulumi.${stack}.yaml`;
  const written = stackFileValues({ file, text: files.read(file) ?? "" }).config[key];
  return typeof written === "string" && written !== "" ? written : defaults.stack[key];
};

/** @throws RollbackRefusal where the file cannot be edited, or would be wrong */
export function edited(
  project: string,
  stack: string,
  files: Files,
  wanted: ReadonlyMap<string, string>,
): Edited {
  const file = nameIn(files, stack, "tenantsFile");
  const before = files.read(file);
  const found = asking({ file, text: before ?? "" }, wanted);
  if (found === undefined) {
    const lines = [...wanted].map(([name, release]) => `${name}: ${release}`).join(", ");
    throw new RollbackRefusal(
      `${file}: is written in a way that this command does not edit. Write the releases by hand (${lines}), and pulumi up.`,
    );
  }
  const after = side(stack, { ...files, read: (path) => (path === file ? found.text : files.read(path)) });
  if (after === undefined || !("planned" in after)) {
    throw new RollbackRefusal((after?.problems ?? []).map(problemLine).join("\n"));
  }
  const expectSame = () => {
    if (files.read(file) === before) return;
    throw new RollbackRefusal(`${file}: somebody has changed it meanwhile. Run the command again.`);
  };
  return { asking: found, planned: after.planned, path: resolve(project, file), file, expectSame };
}

/** `releases.yaml:4:3` */
export function releasePlace(stack: string, files: Files, release: string): string {
  const file = nameIn(files, stack, "releasesFile");
  const place = readYaml({ file, text: files.read(file) ?? "" }).source.place(["releases", release]);
  return place === undefined ? file : `${file}:${place.line}:${place.column}`;
}
