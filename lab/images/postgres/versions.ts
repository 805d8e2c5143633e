/** Major versions of Postgres that the lab builds: its release has 18, its second release 16. */
export type PostgresMajor = 16 | 18;

/** Where the official image of a version has its volume and its data: from 18 on one level higher. */
export const postgresHome = (major: PostgresMajor) =>
  major >= 18
    ? { volume: "/var/lib/postgresql", data: `/var/lib/postgresql/${major}/docker` }
    : { volume: "/var/lib/postgresql/data", data: "/var/lib/postgresql/data" };
