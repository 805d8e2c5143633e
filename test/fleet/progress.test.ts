import { describe, expect, test } from "vitest";
import { type Changing, Progress } from "../../fleet/progress.ts";

const began = new Date("2026-11-28T02:00:00Z");
const at = (seconds: number) => new Date(began.getTime() + seconds * 1000);
const fleet: readonly Changing[] = [
  { tenant: "c1", ring: "canary" },
  { tenant: "c2", ring: "canary" },
  { tenant: "s1", ring: "stable" },
  { tenant: "s2", ring: "stable" },
];

/** A run that begins at 02:00 with some tenants, each of which has two steps. */
function run(tenants = fleet) {
  const progress = new Progress(tenants, began);
  const ringOf = (tenant: string) => tenants.find((one) => one.tenant === tenant)?.ring ?? "";
  const done = (tenant: string, seconds: number) =>
    progress.pass({ tenant, step: "site", number: 2, of: 2 }, ringOf(tenant), at(seconds));
  const halfway = (tenant: string, seconds: number) =>
    progress.pass({ tenant, step: "migrate", number: 1, of: 2 }, ringOf(tenant), at(seconds));
  const left = (words: string) => words.split("; ").find((part) => part.includes("left"));
  return { progress, done, halfway, left };
}

test("a run is told tenant by tenant, with whole messages", () => {
  const { done, halfway } = run();
  expect(halfway("c1", 30)).toBe(
    "step 1 of 2, databases prepared; to come besides c1: 1 in ring canary, 3 in all",
  );
  expect(done("c1", 120)).toBe(
    "step 2 of 2, site in place; about 6 min left in all; to come besides c1: 1 in ring canary, 3 in all",
  );
  expect(halfway("c2", 180)).toBe(
    "step 1 of 2, databases prepared; about 5 min left in all; to come besides c2: none in ring canary, 2 in all",
  );
  done("c2", 240);
  done("s1", 360);
  expect(done("s2", 480)).toBe(
    "step 2 of 2, site in place; to come besides s2: none in ring stable, none in all",
  );
});

test("every step has its words", () => {
  const steps = ["images", "migrate", "bootstrap", "ready", "keeper", "site"] as const;
  const told = steps.map((step) =>
    new Progress(fleet, began)
      .pass({ tenant: "c1", step, number: 1, of: 9 }, "canary", at(1))
      .split("; ")
      .at(0),
  );
  expect(told).toEqual([
    "step 1 of 9, images on the host",
    "step 1 of 9, databases prepared",
    "step 1 of 9, Kratos and Hydra up",
    "step 1 of 9, all services up and tried",
    "step 1 of 9, data kept, without services",
    "step 1 of 9, site in place",
  ]);
});

describe("the time that is left", () => {
  test("is not known before a tenant is done, however long that takes", () => {
    const { halfway, left } = run();
    expect(left(halfway("c1", 5))).toBeUndefined();
    expect(left(halfway("c2", 3600))).toBeUndefined();
  });

  test("is by the wall clock: tenants side by side make the pace", () => {
    const { done, left } = run();
    done("c1", 600);
    expect(left(done("c2", 600))).toBe("about 10 min left in all");
  });

  test("goes on between tenants that are done, and is never less than one of them takes", () => {
    const { done, halfway, left } = run();
    expect(left(done("c1", 600))).toBe("about 30 min left in all");
    expect(left(halfway("c2", 900))).toBe("about 25 min left in all");
    expect(left(halfway("s1", 600 + 7200))).toBe("about 10 min left in all");
  });

  test("is in hours where it is long, and in no seconds where it is short", () => {
    const many = Array.from({ length: 61 }, (_, index) => ({ tenant: `t${index}`, ring: "stable" }));
    const told = (seconds: number) => {
      const { done, left } = run(many);
      return left(done("t0", seconds));
    };
    expect(told(80)).toBe("about 1 h 20 min left in all");
    expect(told(60)).toBe("about 1 h left in all");
    expect(told(59.4)).toBe("about 59 min left in all");
    expect(told(0.1)).toBe("less than a minute left in all");
  });

  test("is no nonsense where the machine's clock was set back", () => {
    const { done, halfway, left } = run();
    expect(left(done("c1", -3600))).toBe("less than a minute left in all");
    expect(left(done("c2", 60))).toBe("about 1 min left in all");
    expect(left(halfway("s1", -7200))).toBe("about 1 min left in all");
  });
});

describe("a tenant that does not come through", () => {
  test("is neither done nor to come", () => {
    const { progress, done } = run();
    progress.leave("c1");
    expect(done("c2", 60)).toBe(
      "step 2 of 2, site in place; about 2 min left in all; to come besides c2: none in ring canary, 2 in all",
    );
  });

  test("makes no pace", () => {
    const { progress, halfway, left } = run();
    progress.leave("c1");
    expect(left(halfway("c2", 60))).toBeUndefined();
  });
});

test("a tenant is counted once", () => {
  const { done, left } = run();
  done("c1", 60);
  expect(left(done("c1", 60))).toBe("about 3 min left in all");
});
