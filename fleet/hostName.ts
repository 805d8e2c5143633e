const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

/** A host name of at least two labels, in lower case; a regular expression's source, which the JSON schema has too. */
export const hostNamePattern = `^(${label}\\.)+${label}$`;

/** A DNS label of at most 30 characters, so that every name made from it fits 63. */
export const labelPattern = "^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$";

/**
 * Whether browsers take it for a host name, too: they take one whose last label is a number for an IPv4 address, and
 * refuse one whose `xn--` stands for no text.
 */
export function isHostName(value: string): boolean {
  if (!new RegExp(hostNamePattern).test(value) || /^[0-9.]+$/.test(value) || value.length > 253) return false;
  return URL.canParse(`https://${value}/`) && new URL(`https://${value}/`).hostname === value;
}
