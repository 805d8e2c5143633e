import type { EditFault } from "../fleet/editFault.ts";
import { type Files, fault, hasWritten } from "./files.ts";
import type { Problem } from "./problem.ts";

/** Where an edit stands that goes against what the stack's state knows. A field that the entry leaves out may be a default's. */
export function editProblem(files: Files, { in: where, at, ...what }: EditFault): Problem {
  if (where === "stack") return fault(files.config, at, what);
  const [first, , ...field] = at;
  const usual = ["defaults", ...field];
  const isDefault =
    first === "tenants" &&
    field.length > 0 &&
    !hasWritten(files.tenants, at) &&
    hasWritten(files.tenants, usual);
  return fault(files.tenants, isDefault ? usual : at, what);
}
