import {
  address4,
  contains,
  isAddress6,
  prefixOfMask,
  printedRange4,
  privateRanges,
  range4,
} from "../fleet/address.ts";
import type { Fault } from "./fault.ts";
import { shown } from "./pasted.ts";

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
      remedy: value.endsWith("::")
        ? `Write the length of the network, such as ${value}/48.`
        : `Write ${value}/${bits} for this one address.`,
    };
  }
  const masked = bits === 32 ? prefixOfMask(length) : undefined;
  if (masked !== undefined) {
    const size = 2 ** (32 - masked);
    const base = Math.floor((address4(address) ?? 0) / size) * size;
    return {
      fault: `${shown(value)} has a netmask in place of a prefix length`,
      remedy: `Write ${printedRange4({ base, prefix: masked })}.`,
    };
  }
  const meant = length.trim().replace(/^0+(?=[1-9])/, "");
  if (meant !== length && /^[1-9][0-9]{0,2}$/.test(meant) && Number(meant) <= bits) {
    return {
      fault: `${shown(value)} has something in front of its prefix length or behind it`,
      remedy: `Write ${address}/${meant}.`,
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

function behindPrefix(value: string, address: number, prefix: number, alone = ""): Fault {
  const size = 2 ** (32 - prefix);
  const base = Math.floor(address / size) * size;
  return {
    fault: `${shown(value)} has bits set behind its prefix`,
    remedy: `Write ${printedRange4({ base, prefix })}${alone}.`,
  };
}
