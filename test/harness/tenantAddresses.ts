import { physicalName } from "../../fleet/names.ts";
import { ports } from "../../fleet/tenant/context.ts";

import { type Service, services } from "../../fleet/tenant/parts.ts";
import type { EngineClient } from "./engineClient.ts";

import type { Target } from "./reach.ts";

interface Attachment {
  readonly IPAddress: string;
}

/** Every port that any part of a tenant listens on. */
export const tenantPorts: readonly number[] = [...new Set(Object.values(ports))];

/** Which of them a service listens on. */
export const portsOf: Readonly<Record<Service, readonly number[]>> = {
  postgres: [ports.postgres],
  kratos: [ports.kratosPublic, ports.kratosAdmin],
  hydra: [ports.hydraPublic, ports.hydraAdmin],
  hera: [ports.hera],
  athena: [ports.athena],
};

/** A service's addresses by network, `acme-internal` and `acme-egress`, as the engine gave them. */
export async function addressesOf(
  fleet: EngineClient,
  tenant: string,
  service: Service,
): Promise<Readonly<Record<string, string>>> {
  const format = "{{json .NetworkSettings.Networks}}";
  const inspected = await fleet.docker("inspect", "--format", format, physicalName(tenant, service));
  const networks = Object.entries(JSON.parse(inspected) as Record<string, Attachment>);
  return Object.fromEntries(networks.map(([name, { IPAddress }]) => [name, IPAddress]));
}

/** Where the services really listen: `address:port` in every network that they are in. */
export async function listeningAt(fleet: EngineClient, tenant: string): Promise<Target[]> {
  const all = services.map(async (service) => {
    const addresses = Object.values(await addressesOf(fleet, tenant, service));
    return addresses.flatMap((address) => portsOf[service].map((port) => `${address}:${port}`));
  });
  return (await Promise.all(all)).flat();
}

/** Every port of a tenant at each of its addresses, the gateways of its networks included. */
export async function everywhereIn(fleet: EngineClient, tenant: string): Promise<Target[]> {
  const addresses = await Promise.all(services.map((service) => addressesOf(fleet, tenant, service)));
  const gateways = ["internal", "egress"].map((kind) => gatewayOf(fleet, physicalName(tenant, kind)));
  const all = [...addresses.flatMap((found) => Object.values(found)), ...(await Promise.all(gateways))];
  return all.flatMap((address) => tenantPorts.map((port) => `${address}:${port}`));
}

/** The host's own address on a Docker network. */
export async function gatewayOf(fleet: EngineClient, network: string): Promise<string> {
  // Engines report it for the running bridge; 20.10 leaves the configuration of a fixed subnet without one.
  const format = "{{range .IPAM.Config}}{{.Gateway}} {{.Subnet}}{{end}}";
  const [gateway = "", subnet = ""] = (await fleet.docker("network", "inspect", "--format", format, network))
    .trim()
    .split(" ");
  if (subnet !== "") return gateway;
  return gateway.includes("/") ? firstAddress(gateway) : gateway;
}

const firstAddress = (subnet: string) =>
  subnet.replace(/\.(\d+)\/\d+$/, (_, last: string) => `.${Number(last) + 1}`);
