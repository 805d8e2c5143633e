/*
 * Secrets of a stack's configuration, by their key without the namespace `olympus`. Their values are Pulumi's; files only
 * name them.
 */

/** The API token that may edit the zone's DNS records. */
export const tokenKey = "cloudflareApiToken";

/** The connection URI of a mail server, by the name that a tenant's `mail.smtp` gives it: `smtp-main`. */
export const smtpKey = (name: string) => `smtp-${name}`;

/** Whether a key's value is for Pulumi alone. */
export const isSecretKey = (key: string) => key.startsWith(smtpKey("")) || key === tokenKey;
