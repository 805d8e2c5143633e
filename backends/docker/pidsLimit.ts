/** Most processes and threads at once of each of a tenant's containers (CIS 5.29). On Podman it is the host's, and the same for all. */
export const pidsLimit = 200;
