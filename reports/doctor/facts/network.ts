import { type Range4, range4 } from "../../../fleet/address.ts";
import type { FactLines } from "./lines.ts";

/** A route to a range of IPv4 addresses, of any routing table. */
export interface Route {
  readonly range: Range4;
  /** `wg0`; undefined for routes that refuse. */
  readonly device: string | undefined;
  /** As the host prints it. */
  readonly text: string;
}

/** A socket that waits for connections, or for packets. */
export interface Listener {
  readonly protocol: "tcp" | "udp";
  readonly port: number;
  /** Numeric user whose program holds it. */
  readonly user: string;
}

/** Routes that lead somewhere; the host's own addresses and broadcasts are left out. */
export function routesOf(lines: FactLines): Route[] {
  return [...lines.all("route").flatMap(printedRoute), ...lines.all("route.hex").flatMap(hexRoute)];
}

const own = /^(local|broadcast|multicast|anycast)\b/;

function printedRoute(text: string): Route[] {
  const words = text.trim().replace(/^(unicast|unreachable|blackhole|prohibit|throw|nat)\s+/, "");
  if (own.test(words)) return [];
  const [target = ""] = words.split(/\s+/);
  const range =
    target === "default" ? range4("0.0.0.0/0") : range4(target.includes("/") ? target : `${target}/32`);
  return range === undefined ? [] : [{ range, device: /\bdev (\S+)/.exec(words)?.[1], text: text.trim() }];
}

/** `eth0 0000800A 000080FF`: device, target and mask of /proc/net/route, bytes from the last to the first. */
function hexRoute(text: string): Route[] {
  const [device, target = "", mask = ""] = text.split(/\s+/);
  const number = (hex: string) => Number.parseInt(hex.match(/../g)?.reverse().join("") ?? "", 16);
  const [base, bits] = [number(target), number(mask)];
  if (Number.isNaN(base) || Number.isNaN(bits)) return [];
  const prefix = [...bits.toString(2)].filter((bit) => bit === "1").length;
  const address = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join(".");
  const range = range4(`${address}/${prefix}`);
  return range === undefined ? [] : [{ range, device, text: `${address}/${prefix} dev ${device}` }];
}

/** Addresses of the host's interfaces, IPv4 and IPv6, without loopback and link-local ones. */
export function addressesOf(lines: FactLines): string[] {
  const printed = lines
    .all("address")
    .flatMap(
      (line) =>
        /^\d+:\s+\S+\s+inet6?\s+([0-9a-f.:]+)(?:\/\d+)?(?:\s+peer\s+\S+)?\s.*\bscope global\b/.exec(
          line,
        )?.[1] ?? [],
    );
  const plain = lines.all("address.plain").map((address) => address.trim());
  return [...new Set([...printed, ...plain])].filter(
    (address) => address !== "" && !address.startsWith("127."),
  );
}

export function listenersOf(lines: FactLines): Listener[] {
  const of = (name: string, protocol: Listener["protocol"]) =>
    lines.all(name).flatMap((line): Listener[] => {
      const [, port, user] = /^[0-9A-F]+:([0-9A-F]{4}) (\d+)$/.exec(line) ?? [];
      return port === undefined || user === undefined
        ? []
        : [{ protocol, port: Number.parseInt(port, 16), user }];
    });
  return [...of("listener", "tcp"), ...of("listener.udp", "udp")];
}

/** Programs that listen on TCP ports, `nginx (process 812)`, as far as the user may see them. */
export function holdersOf(lines: FactLines): Map<number, string> {
  const holders = new Map<number, string>();
  for (const line of lines.all("holder")) {
    const port = Number(/[:\]](\d+)\s/.exec(line)?.[1]);
    const [, name, ssPid] = /users:\(\("([^"]+)",pid=(\d+)/.exec(line) ?? [];
    const [, pid, program] = /\s(\d+)\/([^\s:]+)/.exec(line) ?? [];
    const [who, which] = [name ?? program, ssPid ?? pid];
    if (who !== undefined && !Number.isNaN(port)) holders.set(port, `${who} (process ${which})`);
  }
  return holders;
}
