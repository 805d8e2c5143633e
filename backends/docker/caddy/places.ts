/** Caddy's configuration folder inside its container, a volume. */
export const configFolder = "/etc/caddy";

/** Where Caddy's admin API listens: a socket in the container, so nothing on the network can reach it. */
export const adminSocket = "/run/caddy/admin.sock";
