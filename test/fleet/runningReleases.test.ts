import { expect, test } from "vitest";
import { noRelease, runningReleases } from "../../fleet/runningReleases.ts";
import { type Service, services } from "../../fleet/tenant/parts.ts";
import { tenant } from "../fixtures.ts";

const acme = tenant("acme");
const { release } = acme;
const other = (service: Service) => `registry.test/${service}:2`;
const next = {
  ...release,
  name: "2026.12",
  images: { ...release.images, hera: other("hera"), kratos: other("kratos") },
};
const running = (change: Partial<Record<Service, string>> = {}) =>
  new Map(services.map((service) => [service, change[service] ?? release.images[service]]));
const of = (images: ReadonlyMap<Service, string>, own = acme) =>
  runningReleases(images, own, [release, next, { ...release, name: "renamed" }]);

test("a tenant is of the release that has all of its images, its own before others with the same", () => {
  expect(of(running())).toEqual(["2026.11"]);
  expect(of(running(), { ...acme, release: { ...release, name: "renamed" } })).toEqual(["renamed"]);
  expect(of(running({ hera: other("hera"), kratos: other("kratos") }))).toEqual(["2026.12"]);
});

test("in the middle of an upgrade it is of both", () => {
  expect(of(running({ kratos: other("kratos") }))).toEqual(["2026.11", "2026.12"]);
});

test("images of its own count for every release", () => {
  const own = { kratos: "registry.test/own:1" };
  const images = { ...release.images, ...own };
  expect(
    of(running({ hera: other("hera"), ...own }), { ...acme, release: { ...release, images }, images: own }),
  ).toEqual(["2026.12"]);
});

test("what no release has is said; nothing is known of what is not there", () => {
  expect(of(running({ hera: "registry.test/by-hand:1" }))).toEqual(["2026.11", noRelease]);
  expect(of(new Map())).toEqual([]);
});
