import { describe, expect, test } from "vitest";
import { text } from "../../../cli/status/text.ts";
import { leftWords, serviceWords } from "../../../reports/status/words.ts";
import { documentOf, imageOf } from "./answers.ts";

/** Rings and tenants as they are told of, in data and in words. */

const at = new Date("2026-11-28T12:00:00Z");
const upgraded = Object.fromEntries(
  ["postgres", "kratos", "hydra", "hera", "athena"].map((service) => [
    service,
    { image: imageOf(service, 2) },
  ]),
);
const document = documentOf(
  at,
  {
    "eu-1": {
      acme: { entry: { ring: "canary" }, services: upgraded },
      bigcorp: { services: { hydra: "gone" } },
      sleepy: { entry: { state: "suspended" } },
    },
    "eu-2": { quiet: {} },
  },
  { "eu-2": "silent" },
);

test("room on a tenant's own disk is told as such", () => {
  const space = { folder: "/d", totalMiB: 20_480, freeMiB: 12_288, inodes: undefined };
  const { tenants, hosts } = documentOf(at, { "eu-1": { acme: { database: { space } }, bigcorp: {} } });
  expect(tenants.map((one) => leftWords(one, hosts))).toEqual(["12GiB (own disk)", "50GiB"]);
});

test("a ring is as ill as the worst of its tenants, and runs what they run", () => {
  expect(document.rings).toEqual([
    { ring: "canary", verdict: "well", tenants: ["acme"], releases: ["2026.11"], running: ["2026.12"] },
    {
      ring: "stable",
      verdict: "ill",
      tenants: ["bigcorp", "sleepy", "quiet"],
      releases: ["2026.11"],
      running: ["2026.11"],
    },
  ]);
  // One without tenants, or of whom none were asked, is left out.
  expect(documentOf(at, { "eu-1": { acme: {} } }).rings.map(({ ring }) => ring)).toEqual(["stable"]);
});

test("a terminal shows rings where there are several, and all that is known of a tenant", () => {
  expect(
    text(document, { width: 130, hasColor: false }),
  ).toBe(`Stack prod, 2026-11-28T12:00:00.000Z: something is ill

host eu-2
  nobody could ask it: it does not answer.
bigcorp
  hydra is not there.

ring    status  tenants  release
canary  well          1  2026.12 (files: 2026.11)
stable  ill           3  2026.11

tenant   status   state      host  ring    release                   database   data   left  certificate  restarts
acme     well     active     eu-1  canary  2026.12 (files: 2026.11)  written   48MiB  50GiB      43 days         0
bigcorp  ill      active     eu-1  stable  2026.11                   written   48MiB  50GiB      43 days         0
sleepy   well     suspended  eu-1  stable  -                         -         50MiB  50GiB      43 days         -
quiet    unknown  active     eu-2  stable  ? (files: 2026.11)        ?             ?      ?      43 days         ?

eu-1: 50GiB of 100GiB free at /var/lib/docker
`);
});

describe("services in a cell", () => {
  test.each([
    ["all healthy", {}],
    ["kratos stopped, hera missing", { kratos: { state: "exited" }, hera: "gone" as const }],
    ["hydra not healthy", { hydra: { isHealthy: false } }],
  ])("%s", (words, services) => {
    const [acme] = documentOf(at, { "eu-1": { acme: { services } } }).tenants;
    expect(acme && serviceWords(acme)).toBe(words);
  });

  test("of one that is closed, and of one whose host is silent", () => {
    const [, , sleepy, quiet] = document.tenants;
    expect([sleepy && serviceWords(sleepy), quiet && serviceWords(quiet)]).toEqual(["off", "unknown"]);
  });
});
