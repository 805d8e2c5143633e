import { beforeAll, expect, test } from "vitest";
import { edgeCaddyfile } from "../../backends/docker/caddy/edgeFile.ts";
import { publishedFiles } from "../../backends/docker/caddy/publish.ts";
import { plannedTenant } from "../../backends/docker/fleetPlan.ts";
import { behindEdge } from "../../fleet/wayIn.ts";
import { config, host, tenant } from "../fixtures.ts";
import { type Made, settled, startMocks } from "./mocks.ts";

const home = { ...host, name: "eu-1", publicAddress: ["203.0.113.11"] };
const edgeHost = { ...host, name: "edge-1", publicAddress: ["198.51.100.7"] };
const stack = {
  ...config,
  hosts: { "eu-1": home, "edge-1": edgeHost },
  edge: { hosts: ["edge-1"], from: ["198.51.100.7/32"] },
};
const plans = [plannedTenant(tenant("acme", { host: "eu-1" }), home, stack)];

let made: Made[];
const inputsOf = (name: string) => {
  const one = made.find((candidate) => candidate.name === name && !candidate.type.startsWith("pulumi:"));
  if (!one) throw new Error(`${name} was not made: ${made.map((other) => other.name).join(", ")}`);
  return one.inputs;
};
const caddyfileOf = (name: string) =>
  publishedFiles(String(inputsOf(`${name}-caddyfile`).stdin)).at(-1)?.content;

beforeAll(async () => {
  made = await startMocks();
  const { Host } = await import("../../components/docker/host/host.ts");
  const { Edge } = await import("../../components/edge/edge.ts");
  const { hostImages: images, tls } = stack;
  new Host("eu-1", { config: home, tls, images, edge: behindEdge(stack) });
  new Edge("edge-1", { config: edgeHost, images, homes: [home], plans });
  await settled();
});

test("an edge publishes the map of all tenants", () => {
  expect(caddyfileOf("edge-1")).toBe(edgeCaddyfile(edgeHost, [home], plans));
});

test("a host behind it believes the edge alone", () => {
  expect(caddyfileOf("eu-1")).toContain("\t\t\t\tallow 198.51.100.7/32\n\t\t\t\tfallback_policy reject\n");
});

test("an edge is made of what every host is made of, but for the firewall that keeps tenants in", () => {
  const own = (name: string) =>
    made
      .filter((one) => one.name.startsWith(`${name}-`))
      .map((one) => `${one.type} ${one.name.replace(name, "")}`)
      .sort();
  expect(own("edge-1")).toEqual(own("eu-1").filter((one) => !/firewall|\/fw/.test(one)));
  expect(own("edge-1")).not.toEqual(own("eu-1"));
});

test("an edge's Caddy is confined as every host's is, with room for many connections", () => {
  const { memory, memorySwap, ...edge } = inputsOf("edge-1-caddy");
  const { memory: usualMemory, memorySwap: _, ...usual } = inputsOf("eu-1-caddy");
  expect(edge).toEqual(usual);
  expect(memory).toBeGreaterThan(Number(usualMemory));
  expect(memorySwap).toBe(memory);
});
