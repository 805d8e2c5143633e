/**
 * A service: `missing` when there is no such container, `stopped` for one that does not run, `off` for one that is not to be
 * there, since its tenant is suspended or retired.
 */
export type ServiceState = "healthy" | "unhealthy" | "stopped" | "missing" | "off" | "unknown";
