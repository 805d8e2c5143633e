import { expect, test } from "vitest";
import { plannedTenant } from "../../backends/docker/fleetPlan.ts";
import { behindEdge, edgeHosts, homeHosts } from "../../fleet/wayIn.ts";
import { config, host, tenant } from "../fixtures.ts";

const hosts = {
  "eu-1": { ...host, name: "eu-1", httpsPort: 8443 },
  "edge-1": { ...host, name: "edge-1", httpsPort: 9443 },
};
const withEdge = { ...config, hosts, edge: { hosts: ["edge-1"], from: ["198.51.100.7/32"] } };

test("hosts know the edge by its addresses and its port", () => {
  expect(behindEdge(withEdge)).toEqual({ from: ["198.51.100.7/32"], httpsPort: 9443 });
  expect(behindEdge(config)).toBeUndefined();
});

test("a host is either of the edge or for tenants", () => {
  expect(edgeHosts(withEdge).map(({ name }) => name)).toEqual(["edge-1"]);
  expect(homeHosts(withEdge).map(({ name }) => name)).toEqual(["eu-1"]);
  expect(edgeHosts(config)).toEqual([]);
  expect(homeHosts(config)).toEqual([host]);
});

test("a tenant's addresses have the port of the edge, not of its host", () => {
  const { urls } = plannedTenant(tenant("acme", { host: "eu-1" }), hosts["eu-1"], withEdge);
  expect(urls.login).toBe("https://acme.example.org:9443");
  expect(plannedTenant(tenant("acme"), hosts["eu-1"], { ...config, hosts }).urls.login).toBe(
    "https://acme.example.org:8443",
  );
});
