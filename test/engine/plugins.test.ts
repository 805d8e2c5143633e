import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { projectDir } from "../../lab/paths.ts";
import { providerVersions } from "../../lab/toolchain/artefacts.ts";
import { ensurePulumi } from "../../lab/toolchain/pulumi.ts";
import { type Declaration, declarations, inputTypes, type TypeSpec } from "./plugins/declarations.ts";

interface Shape {
  readonly properties?: Readonly<Record<string, TypeSpec>>;
  readonly required?: readonly string[];
}
interface Resource extends Shape {
  readonly inputProperties?: Readonly<Record<string, TypeSpec>>;
  readonly requiredInputs?: readonly string[];
}
interface Request {
  readonly inputs?: Shape;
  readonly outputs?: Shape;
}
/** What of a plugin's schema is compared; keys are tokens. */
interface Schema {
  readonly version: string;
  readonly provider: Resource;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly types?: Readonly<Record<string, Shape>>;
  readonly functions?: Readonly<Record<string, Request>>;
}

/** Building images has no Terraform provider behind it, and this project builds none with Pulumi. */
const left = ["Image", "DockerBuild", "Registry", "CacheFrom"];

/** By the name that the npm package uses: "Container" for "docker:index/container:Container". */
function byName<T>(all: Readonly<Record<string, T>> = {}): Map<string, T> {
  const named = Object.entries(all).map(([token, value]): [string, T] => [
    token.split(":").pop() ?? "",
    value,
  ]);
  return new Map(named.filter(([name]) => !left.includes(name)));
}
const types = (declared: Map<string, Declaration>, name: string) =>
  Object.fromEntries(declared.get(name) ?? new Map());
const names = (declared: Map<string, Declaration>, name: string) =>
  [...(declared.get(name)?.keys() ?? [])].filter((property) => !property.startsWith("__")).sort();
const properties = (shape: Shape = {}) => Object.keys(shape.properties ?? {}).sort();

// The lab compiles these two from upstream and names everything itself (lab/toolchain/plugins/cmd). A program is written
// against the npm package, so what one of the two has alone would be refused or lost.
describe.each(["docker", "random"] as const)("the plugin %s and the npm package have the same", (name) => {
  const folder = join(projectDir, "node_modules/@pulumi", name);
  let declared: Map<string, Declaration>;
  let schema: Schema;

  beforeAll(async () => {
    const { pulumi, env } = await ensurePulumi();
    const plugin = `${name}@${(await providerVersions())[name]}`;
    schema = JSON.parse((await execa(pulumi, ["package", "get-schema", plugin], { env })).stdout);
    declared = await declarations(folder, /^\w+\.d\.ts$/);
  });

  test("version", async () => expect(schema.version).toBe((await providerVersions())[name]));

  test("resources, with the types of their inputs at any depth, and their outputs", async () => {
    const resources = byName(schema.resources).set("Provider", schema.provider);
    const classes = [...declared.keys()].filter((of) => declared.has(`${of}Args`) && !left.includes(of));
    expect([...resources.keys()].sort()).toEqual(classes.sort());
    for (const [of, resource] of resources) {
      const inputs = inputTypes(resource.inputProperties, resource.requiredInputs);
      expect(types(declared, `${of}Args`), `${of}Args`).toEqual(inputs);
      // Of a provider's settings the package shows the strings alone.
      if (of !== "Provider") expect(names(declared, of), of).toEqual(properties(resource));
    }
    const nested = await declarations(folder, /^types\/input\.d\.ts$/);
    const spoken = byName(schema.types);
    for (const of of nested.keys()) {
      if (left.includes(of) || of.startsWith("Get")) continue; // of a function
      const shape = spoken.get(of);
      expect(types(nested, of), of).toEqual(inputTypes(shape?.properties, shape?.required));
    }
  });

  test("functions, with their arguments and results", () => {
    const functions = [...byName(schema.functions)].filter(([of]) => of.startsWith("get"));
    const results = [...declared.keys()].filter((of) => of.endsWith("Result"));
    expect(functions.map(([of]) => `G${of.slice(1)}Result`).sort()).toEqual(results.sort());
    for (const [of, { inputs, outputs }] of functions) {
      expect(names(declared, `G${of.slice(1)}Args`), of).toEqual(properties(inputs));
      expect(names(declared, `G${of.slice(1)}Result`), of).toEqual(properties(outputs));
    }
  });
});
