import { expect, test } from "vitest";
import { judged } from "../../../reports/doctor/doctor.ts";
import { facts, podman, subject } from "./healthy.ts";

const host = subject({ host: { engine: "podman" } });

/** What is wrong with a host with Podman, healthy but for these lines and this of its info. */
function wrong(lines: readonly string[] = [], info: object = {}) {
  const names = lines.map((line) => line.split("=")[0]);
  const kept = (podman.lines ?? []).filter((line) => !names.includes(line.split("=")[0]));
  const found = facts({ ...podman, lines: [...kept, ...lines], info: { ...info } }, host);
  return judged(host, found).flatMap((finding) =>
    finding.level === "ok"
      ? []
      : [`${finding.level} ${finding.check}: ${finding.found} -> ${finding.remedy.lines.join("; ")}`],
  );
}

test("nothing is wrong with a host that is prepared as docs/podman.md says", () => {
  expect(wrong()).toEqual([]);
});

test.each<[what: string, lines: readonly string[], found: RegExp]>([
  ["no docker command", ["docker.path="], /^error podman: there is no docker command -> .*podman-docker/],
  [
    "the older networks",
    ["podman.networks=cni"],
    /^error podman: networks by cni -> .*netavark aardvark-dns/,
  ],
  [
    "Podman's own limit",
    ["podman.pids="],
    /^warning podman: no limit on processes of its own -> .*pids_limit = 200/,
  ],
  ["a high limit", ["podman.pids=pids_limit=4096"], /^warning podman: 4096 processes per container/],
  [
    "nobody who starts containers at boot",
    ["unit=podman.socket enabled active"],
    /^error engine's service: podman-restart\.service not enabled -> sudo systemctl enable podman-restart\.service/,
  ],
])("%s", (_, lines, found) => {
  expect(wrong(lines)).toEqual([expect.stringMatching(found)]);
});

test("one without root", () => {
  expect(wrong([], { Rootless: true })).toEqual([
    expect.stringMatching(/^error engine: runs without root -> .*podman\.socket/),
  ]);
});

test("one that is too old is told with the version that is needed", () => {
  const answers = {
    version: { Version: "3.4.4", ApiVersion: "1.40", Components: [{ Name: "Podman Engine" }] },
  };
  const findings = judged(host, facts({ ...podman, answers }, host));
  expect(findings).toContainEqual(
    expect.objectContaining({
      level: "error",
      found: "Podman 3.4.4 with API 1.40",
      why: expect.stringContaining("Podman 4.3"),
    }),
  );
});
