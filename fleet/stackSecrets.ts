/*
 * Secrets of a stack's configuration, by their key without the namespace `olympus`. Their values are Pulumi's; files only
 * name them.
 */

/** The API token that may edit the zone's DNS records. */
export const tokenKey = "cloudflareApiToken";

/** The connection URI of a mail server, by the name that a tenant's `mail.smtp` gives it: `smtp-main`. */
export const smtpKey = (name: string) => `smtp-${name}`;

/** A tenant's own root key, by the name that `secrets.root` gives it: `root-acme`. */
export const rootKey = (name: string) => `root-${name}`;

/** `acme` of `root-acme`. */
export const rootName = (key: string) => key.slice(rootKey("").length);

export const isRootKey = (key: string) => key.startsWith(rootKey(""));

/** Whether a key's value is for Pulumi alone. */
export const isSecretKey = (key: string) => key.startsWith(smtpKey("")) || isRootKey(key) || key === tokenKey;
