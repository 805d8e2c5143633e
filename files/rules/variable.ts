import type { Fleet, Tenant } from "../../fleet/model.ts";
import { planTenant } from "../../fleet/tenant/plan.ts";
import { longestBytes } from "../../fleet/tenant/text.ts";
import type { Workload } from "../../fleet/tenant/workload.ts";
import type { Fault } from "../fault.ts";
import { type Files, fault } from "../files.ts";
import type { Problem } from "../problem.ts";

/** Bytes of one `NAME=value` with the zero behind it: MAX_ARG_STRLEN of Linux, 32 pages. */
const mostOfOne = 128 * 1024;
/** Bytes of all variables and arguments of a program: Linux takes 2 MiB; the image brings some of its own. */
const mostOfAll = 1_900_000;

const kib = (bytes: number) => `${Math.ceil(bytes / 1024)} KiB`;
const limit = "Linux starts no program with a variable of more than 128 KiB";

/** Where a variable's length comes from, and what to do about it. What is not here comes from no list of the file. */
const origins: Readonly<
  Record<string, { readonly field: keyof Tenant; readonly of: (size: string) => Fault }>
> = {
  IDENTITY_SCHEMAS: {
    field: "schemas",
    of: (size) => ({
      fault: `the identity schemas take ${size} on their way to Kratos, and ${limit}`,
      remedy: "Shorten them to 90 KiB of JSON in all: spaces and line breaks first.",
    }),
  },
  SERVE_PUBLIC_CORS_ALLOWED_ORIGINS: {
    field: "cors",
    of: (size) => ({
      fault: `the origins take ${size}, and ${limit}`,
      remedy: "Write fewer, or put some of the applications into another tenant.",
    }),
  },
  SELFSERVICE_ALLOWED_RETURN_URLS: {
    field: "clients",
    of: (size) => ({
      fault: `the origins of its redirect URIs take ${size} as Kratos's list of return addresses, and ${limit}`,
      remedy: "Let clients share origins, or put some of them into another tenant.",
    }),
  },
};

/** What the settings of a sound fleet come to as variables of its containers, where that is more than Linux takes. */
export function longVariables(files: Files, { config, tenants }: Fleet): Problem[] {
  return tenants.flatMap((tenant) => {
    const host = config.hosts[tenant.host];
    if (host === undefined || !isLong(tenant)) return [];
    // Of one that does not run, too: it is to come back as it was.
    return planTenant({ ...tenant, state: "active" }, host, config).workloads.flatMap((workload) =>
      faultsOf(workload).map(({ field, ...what }) =>
        fault(files.tenants, ["tenants", tenant.name, ...(field === undefined ? [] : [field])], what),
      ),
    );
  });
}

/** Whether its lists may come to much: planning every tenant for this alone would take as long as the plan itself. */
const isLong = ({ clients, cors, domains, schemas }: Tenant) =>
  JSON.stringify([clients, cors, domains, schemas]).length > mostOfOne / 4;

interface Found extends Fault {
  readonly field?: keyof Tenant;
}

function faultsOf({ part, env, command }: Workload): Found[] {
  const sizes = Object.entries(env).map(
    ([name, value]) => [name, name.length + longestBytes(value) + 2] as const,
  );
  const long = sizes.filter(([, bytes]) => bytes > mostOfOne);
  if (long.length > 0) {
    return long.map(([name, bytes]) => {
      const origin = Object.hasOwn(origins, name) ? origins[name] : undefined;
      if (origin !== undefined) return { field: origin.field, ...origin.of(kib(bytes)) };
      return {
        fault: `the variable ${name} of its ${part} would be ${kib(bytes)} long, and ${limit}`,
        remedy: "Shorten what it is made of.",
      };
    });
  }
  const all = [...sizes.map(([, bytes]) => bytes), ...command.map((text) => text.length + 1)];
  const sum = all.reduce((total, bytes) => total + bytes, 0);
  if (sum <= mostOfAll) return [];
  return [
    {
      ...(part === "bootstrap" && { field: "clients" }),
      fault: `its ${part} would start with ${kib(sum)} of settings, and Linux starts no program with more than ${kib(mostOfAll)}`,
      remedy:
        part === "bootstrap"
          ? "Put some of its clients into another tenant, or make them with Hydra's admin API."
          : "Shorten its lists.",
    },
  ];
}
