import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { serviceAnswers, servicesScript } from "../../../backends/docker/services.ts";

describe("what a host prints", () => {
  test("is read: what runs, what is well, and what is not there", () => {
    const found = serviceAnswers(
      [
        "answered=1",
        'service=/acme-kratos running 0 "2026-11-28T12:00:00.5Z" registry.test/x@sha256:1',
        'service=/acme-hydra running 3 "2026-11-28T12:00:00.5Z" registry.test/x@sha256:1',
        'service=acme-hera exited 0 "0001-01-01T00:00:00Z" ',
        "bad=acme hydra gives no token: POST /oauth2/token: 500 server_error",
        "good=bigcorp",
        "healthy=acme-kratos",
        "unhealthy=acme-hydra",
        "visits=acme.login 120 37 900 0",
        "end=1",
      ].join("\n"),
    );
    const of = (container: string, state: string, restarts: number, isHealthy: boolean | undefined) => ({
      container,
      state,
      restarts,
      startedAt: state === "exited" ? undefined : new Date("2026-11-28T12:00:00.5Z"),
      image: state === "exited" ? undefined : "registry.test/x@sha256:1",
      isHealthy,
    });
    expect(found).toEqual({
      isAnswered: true,
      isWhole: true,
      services: new Map([
        ["acme-kratos", of("acme-kratos", "running", 0, true)],
        ["acme-hydra", of("acme-hydra", "running", 3, false)],
        ["acme-hera", of("acme-hera", "exited", 0, undefined)],
      ]),
      trials: new Map([
        ["acme", { isGood: false, complaint: "hydra gives no token: POST /oauth2/token: 500 server_error" }],
        ["bigcorp", { isGood: true }],
      ]),
      visits: new Map([["acme.login", { answered: 120, failed: 37, oldestSeconds: 900 }]]),
    });
  });

  test("may be cut off, or nothing where no engine answers", () => {
    expect(
      serviceAnswers(
        'answered=1\nservice=/acme-kratos running 0 "2026-11-28T12:00:00.5Z" registry.test/x@sha256:1\n',
      ),
    ).toMatchObject({
      isAnswered: true,
      isWhole: false,
    });
    expect(serviceAnswers("")).toEqual({
      isAnswered: false,
      isWhole: false,
      services: new Map(),
      trials: new Map(),
      visits: new Map(),
    });
  });
});

describe("the script, with a docker that answers", () => {
  const folder = mkdtempSync(join(tmpdir(), "olympus-services-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("asks each service once, by its own command, whatever is in that", () => {
    const docker = `#!/bin/sh
case $1 in
inspect) for name do :; done; [ "$name" = gone ] && exit 1; echo "service=/$name running 0 \\"2026-11-28T12:00:00Z\\" r1" ;;
exec) printf '%s\\n' "$*" >> ${folder}/calls; [ "$2" != ill ] ;;
esac
`;
    writeFileSync(join(folder, "docker"), docker);
    chmodSync(join(folder, "docker"), 0o755);
    const services = ["one", "two", "ill", "gone", "five"].map((container) => ({
      container,
      health: ["sh", "-c", `echo "it's $HOME"`],
    }));
    const { stdout } = spawnSync("sh", ["-s"], {
      input: servicesScript("docker", services),
      env: { PATH: `${folder}:${process.env.PATH}` },
      encoding: "utf8",
    });
    const { isWhole, services: found } = serviceAnswers(stdout);
    expect(isWhole).toBe(true);
    expect([...found].map(([name, { isHealthy }]) => [name, isHealthy]).sort()).toEqual([
      ["five", true],
      ["ill", false],
      ["one", true],
      ["two", true],
    ]);
    const calls = spawnSync("sort", [join(folder, "calls")], { encoding: "utf8" })
      .stdout.trim()
      .split("\n");
    expect(calls).toEqual(
      ["five", "ill", "one", "two"].map((name) => `exec ${name} sh -c echo "it's $HOME"`),
    );
  });
});
