import { shown } from "./pasted.ts";
import type { Fault } from "./problem.ts";

export interface Range4 {
  /** First address as an unsigned number. */
  readonly base: number;
  /** Prefix length, 0-32. */
  readonly prefix: number;
}

/** `10.128.0.0/9`; undefined when it is not one, or has bits set behind the prefix. */
export function range4(text: string): Range4 | undefined {
  const [address, length, more] = text.split("/");
  const base = address4(address ?? "");
  if (base === undefined || length === undefined || more !== undefined) return undefined;
  if (!/^(0|[1-9][0-9]?)$/.test(length) || Number(length) > 32) return undefined;
  const prefix = Number(length);
  return base % 2 ** (32 - prefix) === 0 ? { base, prefix } : undefined;
}

export function printedRange4({ base, prefix }: Range4): string {
  return `${printedAddress4(base)}/${prefix}`;
}

export function address4(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let address = 0;
  for (const part of parts) {
    if (!/^(0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return undefined;
    address = address * 256 + Number(part);
  }
  return address;
}

export function printedAddress4(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** A range of IPv4 or IPv6 addresses that may reach the admin vhost. */
export const judgeRange = rangeJudge(
  "opens the admin vhost to the whole internet",
  "Write the ranges of your office or VPN, such as 198.51.100.0/24.",
);

/** A range of addresses whose word on visitors' addresses is believed. */
export const judgeEdgeRange = rangeJudge(
  "would let anybody on the internet name a visitor's address",
  "Write the addresses of the edge, such as 198.51.100.7/32.",
);

/**
 * Judges a range of IPv4 or IPv6 addresses.
 * @param everybody what the range of all addresses would do
 * @param instead what to write instead of it
 */
function rangeJudge(everybody: string, instead: string): (value: string) => Fault | undefined {
  return (value) => judgedRange(value, { fault: `${value} ${everybody}`, remedy: instead });
}

function judgedRange(value: string, everybody: Fault): Fault | undefined {
  const [address = "", length] = value.split("/");
  const bits = address4(address) !== undefined ? 32 : isAddress6(address) ? 128 : undefined;
  if (bits === undefined || value.split("/").length > 2) {
    return {
      fault: `${shown(value)} is not a range of addresses`,
      remedy: "Write one such as 198.51.100.0/24 or 2001:db8::/48.",
    };
  }
  if (length === undefined) {
    return {
      fault: `${shown(value)} has no prefix length`,
      remedy: `Write ${value}/${bits} for this one address.`,
    };
  }
  if (!/^(0|[1-9][0-9]{0,2})$/.test(length) || Number(length) > bits) {
    return {
      fault: `the prefix length of ${shown(value)} is not a number from 1 to ${bits}`,
      remedy: `Write ${address}/${bits} for this one address.`,
    };
  }
  if (Number(length) === 0) return everybody;
  return bits === 32 && range4(value) === undefined
    ? behindPrefix(
        value,
        address4(address) ?? 0,
        Number(length),
        ` for the range, or ${address}/32 for the one address`,
      )
    : undefined;
}

/** The pool of a host's tenant networks. */
export function judgePool(value: string): Fault | undefined {
  const pool = range4(value);
  if (pool === undefined) {
    const address = address4(value.split("/")[0] ?? "");
    const length = Number(value.split("/")[1] ?? Number.NaN);
    if (address !== undefined && length >= 1 && length <= 32) return behindPrefix(value, address, length);
    return {
      fault: `${shown(value)} is not a range of IPv4 addresses`,
      remedy: "Write one such as 10.128.0.0/9.",
    };
  }
  if (pool.prefix > 24) {
    return {
      fault: `${value} is too small: a tenant takes two networks of 16 addresses`,
      remedy: `Write /24 or wider, such as 10.128.0.0/9.`,
    };
  }
  if (!privateRanges.some((range) => contains(range, pool))) {
    return {
      fault: `${value} is not private: containers could no longer reach the owners of these addresses`,
      remedy: "Write a part of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10.",
    };
  }
  return undefined;
}

export function contains(outer: Range4, inner: Range4): boolean {
  const size = 2 ** (32 - outer.prefix);
  return inner.prefix >= outer.prefix && inner.base >= outer.base && inner.base < outer.base + size;
}

/** What no network of the internet routes (RFC 1918, RFC 6598). */
export const privateRanges: readonly Range4[] = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
].flatMap((text) => range4(text) ?? []);

function behindPrefix(value: string, address: number, prefix: number, alone = ""): Fault {
  const size = 2 ** (32 - prefix);
  const base = Math.floor(address / size) * size;
  return {
    fault: `${shown(value)} has bits set behind its prefix`,
    remedy: `Write ${printedRange4({ base, prefix })}${alone}.`,
  };
}

/** Own parser, since `node:net` would be the only thing here that knows of sockets. */
export function isAddress6(text: string): boolean {
  const [head = "", tail, more] = text.split("::");
  if (more !== undefined) return false;
  const groups = [head, tail ?? ""].flatMap((half) => (half === "" ? [] : half.split(":")));
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false;
  return tail === undefined ? groups.length === 8 : groups.length <= 7;
}
