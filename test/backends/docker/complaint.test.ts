import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const library = readFileSync("backends/docker/gate/complaint.sh", "utf8");

/** What a gate says of a container with that environment and that log. */
function complaint(environment: readonly string[], log: readonly string[]): string {
  const input = [...environment, "--- log ---", ...log, ""].join("\n");
  const { stdout, stderr } = spawnSync("sh", ["-c", `${library}\ncomplaint`], { input, encoding: "utf8" });
  expect(stderr).toBe("");
  return stdout;
}

const usage = Array.from({ length: 30 }, (_, index) => `  --flag-${index}  what it does`);

test("the cause stands first, once, though a usage text stands below it", () => {
  const cause = '{"level":"fatal","msg":"unable to parse the identity schema","time":"2026-11-28T08:00:0';
  const log = [
    '{"level":"info","msg":"no error so far","time":"2026-11-28T07:59:59Z"}',
    `${cause}1Z"}`,
    `${cause}2Z"}`,
    `${cause}3Z"}`,
    '2026-11-28 08:00:04.123 UTC [71] ERROR:  relation "networks" already exists',
    ...usage,
  ];
  expect(complaint([], log)).toBe(
    [
      "Errors in its log:",
      `${cause}1Z"} (3 times)`,
      '2026-11-28 08:00:04.123 UTC [71] ERROR:  relation "networks" already exists',
      "Its last log lines:",
      ...usage.slice(-15),
      "",
    ].join("\n"),
  );
});

test.each([
  "panic: runtime error: index out of range",
  "Error: the database is locked",
  "TypeError: cannot read properties of undefined",
  "time=2026 level=error msg=down",
  "FATAL:  database files are incompatible with server",
])("taken for an error: %s", (text) => {
  expect(complaint([], [text, ...usage])).toMatch(/^Errors in its log:\n/);
});

test.each(['{"errors":0,"level":"info"}', 'level=info msg="no error"', "URLS_ERROR is set", "terrors: none"])(
  "taken for none: %s",
  (text) => {
    expect(complaint([], [text])).toBe(`Its last log lines:\n${text}\n`);
  },
);

test("it has an end: ten errors, and no line is longer than a few on a terminal", () => {
  const errors = Array.from(
    { length: 40 },
    (_, index) => `Error: ${"x".repeat(index)} ${"long ".repeat(400)}`,
  );
  const said = complaint([], errors).split("\n");
  expect(said).toHaveLength(1 + 10 + 1 + 15 + 1);
  expect(Math.max(...said.map(({ length }) => length))).toBeLessThan(620);
});

test("a trace of Go's is left out, so that what happened is not cut off", () => {
  const trace = 'x\\n\\t\\"y\\" z'.repeat(400);
  const log = [`{"error":{"message":"why","stack_trace":"${trace}"},"level":"error","msg":"what"}`];
  expect(complaint([], log)).toContain('{"error":{"message":"why",},"level":"error","msg":"what"}');
});

const password = "mZ3-kq_81hVbTyRkwPfdL20xnQe7Ua5G";
const cipher = "9f86d081884c7d659a2feaa0c55ad015";
const signing = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=";

test.each([
  [
    "a password in a DSN",
    `DSN=postgres://kratos:${password}@postgres:5432/kratos`,
    `no login with ${password}`,
  ],
  [
    "a DSN of somebody else",
    "A=b",
    `cannot reach postgres://other:short@db:5432/x`,
    "postgres://***@db:5432/x",
  ],
  ["a value in a list", `SECRETS_CIPHER=["${cipher}","x"]`, `cipher ${cipher} is too short`],
  ["a base64 value", `SESSION=${signing}`, `key ${signing} refused`],
  ["a short password by its name", "POSTGRES_PASSWORD=hunter2", "it was hunter2!", "it was ***!"],
  [
    "an SMTP password as it is written",
    "COURIER=smtps://me@x:p%23s/s?@mail.example:465/",
    "bad URI smtps://me@x:p%23s/s?@mail.example:465/",
    "mail.example:465/",
  ],
  [
    "an SMTP password as it is meant",
    "COURIER=smtps://me:p%23s%2Fs@mail.example:465/",
    "sent p#s/s",
    "sent ***",
  ],
  [
    "a token that comes from elsewhere",
    "A=b",
    "refused ory_at_AbCdEfGhIjKlMnOpQrStUvWx0123 now",
    "refused *** now",
  ],
])("%s is not repeated", (_, variable, text, shown = "***") => {
  const said = complaint([variable], [`Error: ${text}`]);
  expect(said).toContain(shown);
  for (const secret of [password, cipher, signing, "hunter2", "p%23s", "p#s/s", ":short@", "AbCdEf"]) {
    expect(said).not.toContain(secret);
  }
});

test.each([
  "migration 20200810161022000000_flatten_schema_and_more.postgres.up.sql",
  "image registry.example/kratos@sha256:5f2b6bd8a1f0b5c9e3d7a4c2b1908f7e6d5c4b3a291807f6e5d4c3b2a1908f7e",
  "request 0b0a0b4e-3f5d-4f0e-9f4b-9a2b1c3d4e5f",
  "github.com/ory/kratos/driver/registry_default.go:123",
])("what is needed to understand is kept: %s", (text) => {
  expect(complaint(["DSN=postgres://kratos:pw@postgres/kratos"], [text])).toContain(text);
});
