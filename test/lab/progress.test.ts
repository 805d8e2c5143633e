import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Pace, roughly, step } from "../../lab/progress.ts";

let said: string[];
beforeEach(() => {
  vi.useFakeTimers();
  said = [];
  vi.spyOn(process.stderr, "write").mockImplementation((line) => said.push(String(line)) > 0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const lasting = (seconds: number) => () => {
  vi.advanceTimersByTime(seconds * 1000);
  return Promise.resolve();
};

test("what has ended on this machine scales what is announced next", async () => {
  const pace = new Pace();
  await step("compiling kratos", 120, lasting(240), pace);
  await step("compiling the CLI", 240, lasting(360), pace);
  await step("compiling the plugins", 60, lasting(60), pace);
  await step("pulumi up", 30, lasting(31.2));
  expect(said).toEqual([
    "▸ compiling kratos (about 2 min)\n",
    "  compiling kratos: done in 240.0 s\n",
    "▸ compiling the CLI (about 8 min)\n",
    "  compiling the CLI: done in 360.0 s\n",
    "▸ compiling the plugins (about 2 min)\n", // 60 s at 600 s for 360
    "  compiling the plugins: done in 60.0 s\n",
    "▸ pulumi up (about 30 s)\n",
    "  pulumi up: done in 31.2 s\n",
  ]);
});

test("what an earlier run had compiled says nothing about the machine", () => {
  const pace = new Pace();
  pace.learn(240, 12);
  expect(pace.here(60)).toBe(60);
  pace.learn(100, 50);
  expect(pace.here(60)).toBe(30);
});

test("of two steps beside each other every line names its own", async () => {
  let end = () => {};
  const first = step("compiling kratos", 120, () => new Promise<void>((resolve) => (end = resolve)));
  await step("fetching Node", 15, lasting(2));
  end();
  await first;
  expect(said).toEqual([
    "▸ compiling kratos (about 2 min)\n",
    "▸ fetching Node (about 15 s)\n",
    "  fetching Node: done in 2.0 s\n",
    "  compiling kratos: done in 2.0 s\n",
  ]);
});

test.each([
  [5, "a few seconds"],
  [12, "about 10 s"],
  [94, "about 95 s"],
  [100, "about 2 min"],
  [462, "about 8 min"],
])("%d seconds are announced as %s", (seconds, words) => {
  expect(roughly(seconds)).toBe(words);
});
