import { container, type Fault, fault, network, ours, rotating } from "./fault.ts";

/** Ranges, ports, and who gets to them. */
export const networksFaults: readonly Fault[] = [
  fault(
    "a VPN in the pool",
    "networks",
    "error",
    /route 10\.200\.0\.0\/16 dev wg0.*meets networkPool 10\.128\.0\.0\/9/,
    /networkPool: 10\.0\.0\.0\/9/,
    { lines: ["route=10.200.0.0/16 dev wg0 scope link"] },
  ),
  fault(
    "the LAN around the pool",
    "networks",
    "warning",
    /route 10\.0\.0\.0\/8/,
    /networkPool: 100\.64\.0\.0\/10/,
    { lines: ["route=10.0.0.0/8 via 203.0.113.1 dev eth0"] },
  ),
  fault(
    "another network of the engine in the pool",
    "networks",
    "error",
    /engine's network compose_default \(10\.150\.0\.0\/24\)/,
    /networkPool/,
    { answers: { networks: [network("compose_default", "10.150.0.0/24")] } },
  ),
  fault(
    "a VPN in the pool, beside tenants that run",
    "networks",
    "warning",
    /10\.200\.0\.0\/30/,
    /network: A_FREE/,
    {
      lines: ["route=10.200.0.0/30 dev wg0"],
      answers: { networks: [network("acme-internal", "10.128.4.16/28", ours())] },
    },
  ),
  fault("a VPN over a tenant that runs", "networks", "error", /10\.128\.0\.0\/10/, /acme:|bigcorp:/, {
    lines: ["route=10.128.0.0/10 dev wg0"],
    answers: { networks: [network("acme-internal", "10.128.4.16/28", ours())] },
  }),
  fault(
    "automatic networks in the pool",
    "networks",
    "warning",
    /name no range come from 10\.192\.0\.0\/10/,
    /networkPool: (10\.0\.0\.0\/9|100\.64\.0\.0\/10)/,
    { info: { DefaultAddressPools: [{ Base: "10.192.0.0/10", Size: 24 }] } },
  ),
  fault(
    "a web server at port 80",
    "ports",
    "error",
    /port 80 is held by nginx \(process 812\)/,
    /sudo systemctl disable --now nginx/,
    {
      lines: [
        "listener=00000000:0050 0",
        'holder=LISTEN 0 511 0.0.0.0:80 0.0.0.0:* users:(("nginx",pid=812,fd=6))',
      ],
    },
  ),
  fault(
    "a program at port 443 that only root sees",
    "ports",
    "error",
    /port 443 is held by a program of user 33/,
    /sudo ss -ltnp/,
    { lines: ["listener=00000000000000000000000000000000:01BB 33"] },
  ),
  fault(
    "a program where Caddy asks which names may have a certificate",
    "ports",
    "error",
    /port 2020 is held by metrics \(process 77\)/,
    /systemctl status 77/,
    {
      lines: [
        "listener=0100007F:07E4 0",
        'holder=LISTEN 0 511 127.0.0.1:2020 0.0.0.0:* users:(("metrics",pid=77,fd=6))',
      ],
    },
  ),
  fault("somebody else's container at port 443", "ports", "error", /container web/, /docker stop web/, {
    lines: ["listener=00000000:01BB 0", rotating],
    answers: { containers: [container("web", { Ports: [{ PublicPort: 443, Type: "tcp" }] })] },
  }),
  fault("a program in the way of HTTP/3", "ports", "warning", /UDP/, /ss -lunp/, {
    lines: ["listener.udp=00000000:01BB 0"],
  }),
  fault("ufw, as far as a user sees", "host firewall", "unknown", /ufw is on/, /sudo ufw allow 80,443\/tcp/, {
    lines: ["ufw=yes"],
  }),
  fault(
    "ufw that lets nobody in",
    "host firewall",
    "warning",
    /ufw has no rule that lets 80 and 443/,
    /ufw allow/,
    {
      lines: [
        "ufw=yes",
        "ufw.rule=Status: active",
        "ufw.rule=22/tcp                     ALLOW       Anywhere",
      ],
    },
  ),
  fault(
    "firewalld that lets nobody in",
    "host firewall",
    "warning",
    /80 and 443/,
    /--add-service=http --add-service=https/,
    { lines: ["firewalld=active", "firewalld.open=dhcpv6-client ssh "] },
  ),
  fault(
    "another public address",
    "public address",
    "warning",
    /203\.0\.113\.99 is not the host's, which has 203\.0\.113\.11/,
    /publicAddress: \[203\.0\.113\.11\]/,
    {},
    { host: { publicAddress: ["203.0.113.99"] } },
  ),
  fault(
    "a public name without an address",
    "public address",
    "error",
    /has no address/,
    /getent/,
    { resolved: [] },
    { host: { publicAddress: ["eu-1.example.net"] } },
  ),
];
