import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tenantsJsonSchema } from "../files/jsonSchema.ts";
import { tenantsReference } from "../files/reference.ts";

const usage = "usage: npm run schema [-- --check]";

/** What is generated from the schemas in files/, by its path in the repository. */
const generated = {
  "tenants.schema.json": tenantsJsonSchema,
  "docs/tenants.md": tenantsReference,
};

/** Writes the generated files, or with `--check` says which are stale. Returns the exit code. */
function main(args: readonly string[]): number {
  const isCheck = args[0] === "--check";
  if (args.length > (isCheck ? 1 : 0)) {
    console.error(usage);
    return 2;
  }
  const root = join(import.meta.dirname, "..");
  const stale = Object.entries(generated).filter(([path, text]) => readText(join(root, path)) !== text());
  for (const [path, text] of stale) {
    if (isCheck) console.error(`${path} is stale: run \`npm run schema\` and commit the result.`);
    else {
      writeFileSync(join(root, path), text());
      console.log(`${path} written`);
    }
  }
  if (stale.length === 0) console.log(`${Object.keys(generated).join(", ")}: up to date`);
  return isCheck && stale.length > 0 ? 1 : 0;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

process.exitCode = main(process.argv.slice(2));
