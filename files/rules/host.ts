import { askPort } from "../../backends/docker/caddy/acme.ts";
import { fault } from "../files.ts";
import type { Problem } from "../problem.ts";
import type { Rule } from "./rule.ts";

/** The stack's hosts are different machines, each with room for Caddy, and none is another stack's. */
export const host: Rule = ({ config, hosts, hostNames, elsewhere }) => {
  const problems: Problem[] = [];
  if (config.value?.hosts !== undefined && hostNames.length === 0) {
    const remedy =
      "Write hosts: { local: { address: unix:///var/run/docker.sock, memory: 16GiB } }, for example.";
    problems.push(fault(config, ["hosts"], { fault: "the stack has no host", remedy }));
  }
  const addresses = new Map<string, string>();
  for (const { name, address, ssh, memoryMiB, reserveMiB, httpPort, httpsPort } of hosts.values()) {
    // Another user of the same machine is the same machine.
    const machine = ssh ? `${ssh.hostName}:${ssh.port}` : address;
    const twin = addresses.get(machine);
    addresses.set(machine, twin ?? name);
    if (twin !== undefined) {
      const what = {
        fault: `${address} is host ${twin} already`,
        remedy: "Write one of the two: a machine is one host.",
      };
      problems.push(fault(config, ["hosts", name, "address"], what));
    }
    if (httpPort === httpsPort) {
      const what = { fault: `${httpsPort} is the httpPort too`, remedy: "Write two different ports." };
      problems.push(fault(config, ["hosts", name, "httpsPort"], what));
    }
    for (const [field, port] of [
      ["httpPort", httpPort],
      ["httpsPort", httpsPort],
    ] as const) {
      if (port !== askPort) continue;
      const what = {
        fault: `at ${port} Caddy asks itself, on the host, which names may have a certificate`,
        remedy: "Write another port.",
      };
      problems.push(fault(config, ["hosts", name, field], what));
    }
    if (reserveMiB >= memoryMiB) {
      const what = {
        fault: "the reserve leaves nothing for tenants",
        remedy: "Write less than the host's memory.",
      };
      problems.push(fault(config, ["hosts", name, "reserve"], what));
    }
  }
  for (const [index, name] of elsewhere.entries()) {
    if (!hostNames.includes(name)) continue;
    const what = {
      fault: `${name} is a host of this stack`,
      remedy: "Write it in hosts or in elsewhere, not in both.",
    };
    problems.push(fault(config, ["elsewhere", index], what));
  }
  return problems;
};
