/** A little more than 1 MiB of them: on a disk that is as good as full, a single one may still find its place. */
const rows = 30_000;

/**
 * Run inside Postgres's container: proves that the database can be written, by rows in a table that is gone again when it
 * ends. They make the table's file longer, which fails on a full disk at once; a message in the log would not, since the
 * log's files are made in advance. The end of the transaction waits until the log is on the disk. A server that is
 * read-only, or still recovering, refuses it as well. The rows themselves are not logged, so the log does not grow by them.
 *
 * In the superuser's own database, which no service uses. Two at once wait for each other.
 */
export const proofOf = (superuser: string): readonly string[] => [
  "psql",
  "-XqAt",
  "-v",
  "ON_ERROR_STOP=1",
  `dbname=${superuser} user=${superuser} connect_timeout=5 options='-c statement_timeout=10s -c lock_timeout=5s'`,
  "-c",
  `CREATE UNLOGGED TABLE public.olympus_proof AS SELECT generate_series(1, ${rows}); DROP TABLE public.olympus_proof`,
];
