import { expect, test } from "vitest";
import { journal } from "../../lab/acme/journal.ts";

const task = (name: string) =>
  `Pebble 2026/11/24 11:50:55 Pulled a task from the Tasks queue: &va.vaTask{Identifier:acme.Identifier{Type:"dns", Value:"${name}"}, Challenge:(*core.Challenge)(0xc000472280), Account:(*core.Account)(0xc0000a3080)}`;

test("an authority that nobody has asked", () => {
  const log = "Pebble 2026/11/24 11:50:55 ACME directory available at: https://127.0.0.1:14000/dir\n";
  expect(journal(log)).toEqual({ orders: 0, validated: [], askedByHttp: [], certificates: 0 });
});

test("a name asked three times by HTTP, one asked by TLS, one that failed and was asked again", () => {
  const attempt =
    "Pebble 2026/11/24 11:50:55 Attempting to validate w/ HTTP: http://acme.test:80/.well-known/acme-challenge/dmyU";
  const log = [
    'Pebble 2026/11/24 11:50:55 Added order "VzGo3AYrpH5smH_I62R7" to the db',
    task("acme.test"),
    ...[attempt, attempt, attempt],
    "Pebble 2026/11/24 11:50:55 Issued certificate serial 1b41eb7059cae6b9 for order VzGo3AYrpH5smH_I62R7",
    'Pebble 2026/11/24 11:50:56 Added order "JlVRc7n9HHup" to the db',
    task("login.bigcorp.test"),
    'Pebble 2026/11/24 11:50:57 Added order "Al2Rc7n9HHup" to the db',
    task("login.bigcorp.test"),
  ].join("\n");
  expect(journal(log)).toEqual({
    orders: 3,
    validated: ["acme.test", "login.bigcorp.test", "login.bigcorp.test"],
    askedByHttp: ["acme.test"],
    certificates: 1,
  });
});
