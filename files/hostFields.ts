import { z } from "zod";
import { judgePool } from "./address.ts";
import { defaultIs, defaults } from "./defaults.ts";
import { fields, later, list, text } from "./field.ts";
import { judgeEngineAddress, judgeHostKey, judgeIdentityFile, judgePublicAddress } from "./machine.ts";
import { judgeMemory, memoryPattern } from "./memory.ts";

const usual = defaults.host;

const port = (description: string, example: number) =>
  z
    .int()
    .min(1)
    .max(65535)
    .meta({ description, examples: [example] });

const memory = (description: string, example: string) =>
  text(judgeMemory, { description, examples: [example], pattern: memoryPattern });

/** One entry of `olympus:hosts`. */
export const hostFields = fields(
  {
    address: text(judgeEngineAddress, {
      description:
        "Where the Docker-compatible engine is: `unix:///var/run/docker.sock` on this machine, " +
        "`ssh://user@host[:port]` on another. **Another address is another machine.**",
      examples: ["ssh://deploy@eu-1.example.com", "unix:///var/run/docker.sock"],
    }),
    hostKey: text(
      judgeHostKey,
      {
        description:
          "The host's public SSH key, `ssh-ed25519 AAAA…`, as the host itself shows it in " +
          "/etc/ssh/ssh_host_ed25519_key.pub. Needed for `ssh://`: a host with another key is refused.",
        examples: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"],
      },
      true,
    ).optional(),
    identityFile: text(judgeIdentityFile, {
      description:
        "Private key to sign in with, on the machine that runs Pulumi. Default: the SSH agent, then what your SSH " +
        "configuration says.",
      examples: ["~/.ssh/id_ed25519"],
    }).optional(),
    engine: z
      .enum(["docker", "podman"])
      .meta({
        description: `What runs the containers; Podman as root. ${defaultIs(usual.engine)}`,
        examples: ["docker"],
      })
      .optional(),
    publicAddress: list(
      text(judgePublicAddress, {
        description: "IPv4 or IPv6 address, or a host name.",
        examples: ["203.0.113.10"],
      }),
      {
        description:
          "Where ports 80 and 443 of the host are reached: by visitors, or by the edge in front. An IPv4 address, an " +
          "IPv6 address, or both; or one host name.",
        examples: [["203.0.113.10"]],
      },
    ).optional(),
    memory: memory("Memory of the machine.", "16GiB"),
    reserve: memory(
      `Kept back for the system, Caddy and the engine. ${defaultIs(usual.reserve)}`,
      usual.reserve,
    ).optional(),
    networkPool: text(judgePool, {
      description:
        "Private range from which the tenants' networks come: internal ones from the lower half, those with a way " +
        `out from the upper. ${defaultIs(usual.networkPool)} **A change moves every tenant's network.**`,
      examples: [usual.networkPool],
    }).optional(),
    httpPort: port(
      `Port of Caddy for plain HTTP, which redirects. ${defaultIs(usual.httpPort)}`,
      usual.httpPort,
    ).optional(),
    httpsPort: port(`Port of Caddy for HTTPS. ${defaultIs(usual.httpsPort)}`, usual.httpsPort).optional(),
    healthInterval: z
      .int()
      .min(2)
      .max(300)
      .meta({
        description:
          "Seconds between health checks of a running container. Shorter costs processor time: 50 containers at " +
          `2 seconds take more than a core. ${defaultIs(usual.healthInterval)}`,
        examples: [usual.healthInterval],
      })
      .optional(),
    inputRule: z
      .enum(["require", "report"])
      .meta({
        description:
          "Whether it is an error when the rule that keeps containers from the host's own services cannot be set, " +
          `or only reported (for a laptop). ${defaultIs(usual.inputRule)}`,
        examples: ["require"],
      })
      .optional(),
  },
  {
    description: "A machine with a Docker-compatible engine.",
    examples: [{ address: "unix:///var/run/docker.sock", memory: "16GiB" }],
  },
  { keys: { startInterval: later("startInterval", "the host without this line") } },
);

export type HostEntry = z.infer<typeof hostFields>;
