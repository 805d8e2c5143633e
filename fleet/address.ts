import ipaddr from "ipaddr.js";
import { isHostName } from "./hostName.ts";

/** A range of IPv4 addresses. */
export interface Range4 {
  /** First address as an unsigned number. */
  readonly base: number;
  /** Prefix length, 0-32. */
  readonly prefix: number;
}

/** `10.128.0.0/9`; undefined when it is not one, or has bits set behind the prefix. */
export function range4(text: string): Range4 | undefined {
  const [address = "", length = "", more] = text.split("/");
  const base = address4(address);
  if (base === undefined || more !== undefined || !/^(0|[1-9][0-9]?)$/.test(length)) return undefined;
  const prefix = Number(length);
  return prefix <= 32 && base % 2 ** (32 - prefix) === 0 ? { base, prefix } : undefined;
}

export function printedRange4({ base, prefix }: Range4): string {
  return `${printedAddress4(base)}/${prefix}`;
}

/** An IPv4 address as an unsigned number; undefined when it is not written as four decimal numbers. */
export function address4(text: string): number | undefined {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text) || /(^|\.)0\d/.test(text)) return undefined;
  return ipaddr.IPv4.parse(text).octets.reduce((number, octet) => number * 256 + octet, 0);
}

/** The prefix length that a netmask stands for, 24 for `255.255.255.0`; undefined when it is none. */
export function prefixOfMask(text: string): number | undefined {
  if (address4(text) === undefined) return undefined;
  return ipaddr.IPv4.parse(text).prefixLengthFromSubnetMask() ?? undefined;
}

export function printedAddress4(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
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

/** An IPv6 address without a zone and without an IPv4 address in it: what DNS and Caddy take. */
export function isAddress6(text: string): boolean {
  return !/[.%]/.test(text) && ipaddr.IPv6.isValid(text);
}

/**
 * Whether an address of either family is reached from inside a network or machine only: private, shared, loopback,
 * link-local, multicast, reserved or none. False for what is no address.
 */
export function isInside(text: string): boolean {
  const base = address4(text);
  if (base === undefined && !isAddress6(text)) return false;
  // The library calls addresses of documents reserved as well, which in a file of ours are examples.
  return insideKinds.has(ipaddr.parse(text).range()) || (base ?? 0) >= 240 * 2 ** 24;
}

const insideKinds: ReadonlySet<string> = new Set([
  "broadcast",
  "carrierGradeNat",
  "linkLocal",
  "loopback",
  "multicast",
  "private",
  "uniqueLocal",
  "unspecified",
]);

/** Whether no visitor's packet can be sent there: no address, everybody's, a group's, or one of a single cable. */
export function isNowhere(text: string): boolean {
  const base = address4(text);
  if (base === undefined && !isAddress6(text)) return false;
  // All of 0.0.0.0/8 is "this network", and 240.0.0.0/4 nobody's.
  const isNobodys = base !== undefined && (base < 2 ** 24 || base >= 240 * 2 ** 24);
  return isNobodys || nowhereKinds.has(ipaddr.parse(text).range());
}

const nowhereKinds: ReadonlySet<string> = new Set(["broadcast", "linkLocal", "multicast", "unspecified"]);

/** What a DNS record can point to. */
export type AddressKind = "ipv4" | "ipv6" | "name";

/** `undefined` for what is neither an address nor a host name. */
export function addressKind(value: string): AddressKind | undefined {
  if (address4(value) !== undefined) return "ipv4";
  if (isAddress6(value)) return "ipv6";
  return isHostName(value) ? "name" : undefined;
}
