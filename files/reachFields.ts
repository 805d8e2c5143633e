import { z } from "zod";
import { judgeEdgeRange } from "./address.ts";
import { fields, later, list, refusals, text } from "./field.ts";
import { judgeHostName, judgeLabel } from "./hostName.ts";
import { judgeCertificate, judgeEmail, judgeHttps } from "./uri.ts";
import { judgeZoneId } from "./word.ts";

/** A whole one, since examples are what messages tell people to write, and are checked. */
const caRootExample = `-----BEGIN CERTIFICATE-----
MIIBSjCB/aADAgECAhRTNSGNQFzip65EPujI7nLVjF0bbDAFBgMrZXAwGzEZMBcG
A1UEAwwQYWNtZS5leGFtcGxlLmNvbTAeFw0yNjExMjQxMTM3NTVaFw0zNjExMjEx
MTM3NTVaMBsxGTAXBgNVBAMMEGFjbWUuZXhhbXBsZS5jb20wKjAFBgMrZXADIQAd
ck7jw87i/TpBGKs7bzm8WP/snnfOCMViqXTjra+4naNTMFEwHQYDVR0OBBYEFKEz
knjY+XDe638sZmXdbhWshVi2MB8GA1UdIwQYMBaAFKEzknjY+XDe638sZmXdbhWs
hVi2MA8GA1UdEwEB/wQFMAMBAf8wBQYDK2VwA0EAdefGOJvnG9rarIZTvJzSMmwj
9ymPhwUCO4SOQJl1yFjvrW3ehikJFAgHOOJzGBYTVxiofCRjYpgnWwouc7g6Ag==
-----END CERTIFICATE-----
`;

/** Where certificates come from. */
export const tlsFields = z
  .discriminatedUnion("mode", [
    fields(
      { mode: z.literal("internal") },
      {
        description: "Caddy's own certificate authority, for laptops and labs.",
        examples: [{ mode: "internal" }],
      },
    ),
    fields(
      {
        mode: z.literal("acme"),
        email: text(judgeEmail, {
          description: "Where the certificate authority sends warnings.",
          examples: ["ops@example.com"],
        }),
        ca: text(judgeHttps, {
          description: "Directory of another ACME server. Default: Let's Encrypt.",
          examples: ["https://acme-v02.api.letsencrypt.org/directory"],
        }).optional(),
        caRoot: text(
          judgeCertificate,
          {
            description:
              "Certificate in PEM that signed the ACME server's own, for a server inside your network. Default: the " +
              "certificates that the image trusts.",
            examples: [caRootExample],
          },
          true,
        ).optional(),
      },
      {
        description: "Certificates by ACME, for production.",
        examples: [{ mode: "acme", email: "ops@example.com" }],
      },
    ),
  ])
  .meta({
    description:
      "Where certificates come from. `acme` marks a production stack: image tags that float are refused.",
    examples: [{ mode: "internal" }, { mode: "acme", email: "ops@example.com" }],
  });
refusals.add(tlsFields, { values: { files: later("files", "mode: acme or mode: internal") } });

const mode = z
  .enum(["records", "wildcard"])
  .meta({
    description:
      "`records`: one record per name, to its tenant's host. `wildcard`: one record below the domain, to the edge (or to " +
      "the only host). Default: `wildcard` with an edge, else `records`.",
    examples: ["records"],
  })
  .optional();

/** Who makes the DNS records. */
export const dnsFields = z
  .discriminatedUnion("provider", [
    fields(
      { provider: z.literal("none"), mode },
      {
        description: "Records are made by hand; the plan and the stack's outputs list them.",
        examples: [{ provider: "none" }],
      },
    ),
    fields(
      {
        provider: z.literal("cloudflare"),
        mode,
        zone: text(judgeHostName, {
          description: "The zone that the stack's domain lies in.",
          examples: ["example.com"],
        }),
        zoneId: text(
          judgeZoneId,
          {
            description: "The zone's id, from its overview page.",
            examples: ["0123456789abcdef0123456789abcdef"],
          },
          true,
        ),
        proxied: z
          .boolean()
          .meta({
            description:
              "Whether visitors come through Cloudflare's proxy, which then sees what they send. Default: `false`.",
            examples: [false],
          })
          .optional(),
      },
      {
        description:
          "Records at Cloudflare. The API token, with the right DNS:Edit for the zone, is a secret: " +
          "`pulumi config set --secret olympus:cloudflareApiToken`.",
        examples: [
          { provider: "cloudflare", zone: "example.com", zoneId: "0123456789abcdef0123456789abcdef" },
        ],
      },
    ),
  ])
  .meta({
    description: "Who makes the DNS records. Default: `{ provider: none }`.",
    examples: [{ provider: "none" }],
  });

/** The router in front of several hosts. */
export const edgeFields = fields(
  {
    hosts: list(text(judgeLabel, { description: "Name of a host.", examples: ["edge-1"] }), {
      description:
        "Hosts of `olympus:hosts` that route to the others by name. They hold no tenant and no certificate.",
      examples: [["edge-1"]],
    }),
    from: list(
      text(judgeEdgeRange, {
        description: "Range of addresses in CIDR form.",
        examples: ["198.51.100.7/32"],
      }),
      {
        description:
          "Addresses from which the edge's connections reach the hosts, which believe what it says of visitors' " +
          "addresses, and nobody else. Default: the edge hosts' public addresses.",
        examples: [["198.51.100.7/32"]],
      },
    ).optional(),
  },
  {
    description: "The router in front of several hosts, for `dns: { mode: wildcard }`.",
    examples: [{ hosts: ["edge-1"] }],
  },
);
