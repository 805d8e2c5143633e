import { range4 } from "../fleet/address.ts";
import { knownBases } from "../fleet/cLibrary.ts";
import type { Fault } from "./fault.ts";
import { shown } from "./pasted.ts";
import { suggestions } from "./suggestion.ts";

/** A name that only this program reads: of a release, of a secret. */
export function judgeWord(value: string): Fault | undefined {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(value)) return undefined;
  return {
    fault: `${shown(value)} is not a name: 1-63 letters, digits, dots, hyphens and underscores`,
    remedy: "Write a name without spaces, such as main.",
  };
}

/** Of these there are many, and two of them have two C libraries. */
const families: readonly string[] = ["debian", "ubuntu", "linux", "glibc", "musl", "libc", "slim", "latest"];

/** What an image is built on. A system that is not known here is taken, unless it looks like a slip of one that is. */
export function judgeBase(value: string): Fault | undefined {
  if (families.includes(value)) {
    return {
      fault: `"${value}" does not say which C library it is: each version of a system has its own`,
      remedy: "Write trixie, bookworm or alpine, for example.",
    };
  }
  const meant = knownBases.includes(value) ? [] : suggestions(value, knownBases);
  if (meant.length > 0) {
    return {
      fault: `${shown(value)} is not a system that is known`,
      remedy: `Did you mean ${meant.join(" or ")}?`,
    };
  }
  if (/^[a-z][a-z0-9]*$/.test(value)) return undefined;
  return {
    fault: `${shown(value)} is not the name of a system without its number: small letters and digits`,
    remedy: "Write trixie, bookworm or alpine, for example.",
  };
}

export const generationPattern = "^([1-9][0-9]{0,2}|1000)$";

/** A generation of secrets as the key of a map. */
export function judgeGeneration(value: string): Fault | undefined {
  if (new RegExp(generationPattern).test(value)) return undefined;
  return {
    fault: `${shown(value)} is not a generation: 1 to 1000`,
    remedy: "Write the first generation that is derived from the root key, such as 2.",
  };
}

export const percentPattern = "^(100|[1-9]?[0-9])%$";

/** A share of a whole. */
export function judgePercent(value: string): Fault | undefined {
  if (new RegExp(percentPattern).test(value)) return undefined;
  return { fault: `${shown(value)} is not 0% to 100%`, remedy: "Write 20%, for example." };
}

export function judgeSentence(value: string): Fault | undefined {
  if (value.trim() === "")
    return { fault: "is empty", remedy: "Write what the auditor asked for, or remove the line." };
  if (/[\r\n]/.test(value.trim()))
    return { fault: "has several lines", remedy: "Write one line that names the document." };
  if (value.length > 300)
    return {
      fault: `has ${value.length} characters; 300 are kept`,
      remedy: "Write where the text is found instead.",
    };
  return undefined;
}

export function judgeClientId(value: string): Fault | undefined {
  if (/^athena(-|$)/.test(value)) {
    return {
      fault: `${shown(value)} is kept for the admin UI's own client`,
      remedy: "Write another id, such as shop.",
    };
  }
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(value)) return undefined;
  return {
    fault: `${shown(value)} is not a client id: 1-63 letters, digits, dots, hyphens and underscores`,
    remedy: "Write an id such as shop.",
  };
}

export function judgeScope(value: string): Fault | undefined {
  if (/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/.test(value) && !value.includes(","))
    return undefined;
  return {
    fault: `${shown(value)} is not a scope`,
    remedy: "Write words with one space between, such as openid offline_access.",
  };
}

export function judgeSchemaId(value: string): Fault | undefined {
  if (value === "default" || value === "admin") {
    return { fault: `the schema ${value} is built in`, remedy: "Write another id, such as staff." };
  }
  if (/^[a-z0-9][a-z0-9_-]{0,62}$/.test(value)) return undefined;
  return {
    fault: `${shown(value)} is not a schema id: a-z, 0-9, hyphens and underscores`,
    remedy: "Write an id such as staff.",
  };
}

export function judgeSchemaPath(value: string): Fault | undefined {
  const isInside = !/^([/\\~]|[A-Za-z]:)/.test(value) && !value.split(/[/\\]/).includes("..");
  if (isInside && /^[^\\:*?"<>|]+\.json$/.test(value)) return undefined;
  return {
    fault: `${shown(value)} is not the path of a JSON file inside the repository`,
    remedy: "Write one such as schemas/staff.json.",
  };
}

export function judgeFilePath(value: string): Fault | undefined {
  if (value.trim() === value && /\.ya?ml$/.test(value)) return undefined;
  return {
    fault: `${shown(value)} is not the path of a YAML file`,
    remedy: "Write one such as tenants.yaml.",
  };
}

export function judgeNetwork(value: string): Fault | undefined {
  if (range4(value)?.prefix === 28) return undefined;
  return {
    fault: `${shown(value)} is not a /28 range of IPv4 addresses`,
    remedy: "Write one such as 10.128.4.16/28, or remove the line: the name then decides.",
  };
}

/** Cloudflare's id of a zone. */
export function judgeZoneId(value: string): Fault | undefined {
  if (/^[0-9a-f]{32}$/.test(value)) return undefined;
  return {
    fault: "is not a zone's id: 32 of 0-9 and a-f",
    remedy: "Write the zone id from the zone's overview page at Cloudflare.",
  };
}
