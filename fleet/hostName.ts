const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

/** A host name of at least two labels, in lower case; a regular expression's source, which the JSON schema has too. */
export const hostNamePattern = `^(${label}\\.)+${label}$`;

/** A DNS label of at most 30 characters, so that every name made from it fits 63. */
export const labelPattern = "^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$";
