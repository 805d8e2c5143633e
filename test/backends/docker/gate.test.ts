import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { gateScript } from "../../../backends/docker/gate.ts";
import { GateBox, kratos, migrate, usualGate, wayBack } from "./gateBox.ts";

const boxes: GateBox[] = [];
/** @param docker what the engine does; FOLDER is a folder of the test's own */
function box(docker: string): GateBox {
  const made = new GateBox(docker);
  boxes.push(made);
  return made;
}
afterAll(() => {
  for (const made of boxes) made.remove();
});

/** A service that is running and never healthy. */
const ill = 'case "$1 $3" in exec*) exit 1;; *Status*) echo "running 0";; esac';
const onlyService = { run: [] };

/** What a gate has changed about networks. */
const changesOf = (log: string) => log.split("\n").filter((text) => /^network (dis)?connect/.test(text));

// Side by side: gates wait more than they work.
describe.concurrent("a gate", () => {
  test("asks for health, then runs its steps and looks at their exit codes", async () => {
    const { status, log } = await box(
      'case "$1 $3" in wait*) echo 0;; *Status*) echo "running 0";; network*) echo n1;; inspect*) echo "acme-egress=n1 acme-internal=n1 ";; esac',
    ).gate();
    expect(status).toBe(0);
    const inspect =
      "inspect --format {{range $name, $one := .NetworkSettings.Networks}}{{$name}}={{$one.NetworkID}} {{end}}";
    const network = "network inspect --format {{.ID}}";
    expect(log.split("\n")).toEqual([
      "update --pids-limit 200 acme-kratos",
      `${inspect} acme-kratos`,
      `${network} acme-internal`,
      `${network} acme-egress`,
      "inspect --format {{.State.Status}} {{.RestartCount}} acme-kratos",
      "exec acme-kratos wget -q http://x/",
      "update --pids-limit 200 acme-kratos-migrate",
      `${inspect} acme-kratos-migrate`,
      `${network} acme-internal`,
      "network disconnect --force acme-egress acme-kratos-migrate",
      "start acme-kratos-migrate",
      "wait acme-kratos-migrate",
      "",
    ]);
  });

  test("ends what comes first before it starts the others, and starts none of them when that fails", async () => {
    const roles = { ...migrate, name: "acme-postgres-roles" };
    const engine = (code: number) =>
      `case "$1 $3" in wait*) echo ${code};; *Status*) echo "running 0";; network*) echo n1;; inspect*) echo "acme-internal=n1 ";; esac`;
    const calls = (log: string) => log.split("\n").filter((text) => /^(start|wait)/.test(text));
    const well = await box(engine(0)).gate({ first: [roles] });
    expect(well.status).toBe(0);
    expect(calls(well.log)).toEqual([
      "start acme-postgres-roles",
      "wait acme-postgres-roles",
      "start acme-kratos-migrate",
      "wait acme-kratos-migrate",
    ]);
    const ill = await box(engine(1)).gate({ first: [roles] });
    expect(ill.status).toBe(1);
    expect(ill.stderr).toContain("acme-postgres-roles: failed with exit code 1. ");
    expect(calls(ill.log)).toEqual(["start acme-postgres-roles", "wait acme-postgres-roles"]);
  });

  const proof = ["psql", "-c", "CREATE TABLE x"];
  const proven = { ...onlyService, await: [{ ...kratos, proof }] };

  test("has a healthy container prove once that it can be written", async () => {
    const { status, log } = await box(
      'case "$1 $3" in *Status*) echo "running 0";; network*) echo n1;; esac',
    ).gate(proven);
    expect(status).toBe(0);
    expect(log.split("\n").filter((text) => text.startsWith("exec "))).toEqual([
      "exec acme-kratos wget -q http://x/",
      "exec acme-kratos psql -c CREATE TABLE x",
    ]);
  });

  test.each([
    [
      'echo "psql: warning"; echo "ERROR:  could not extend file \\"base/5/1\\": No space left on device"; echo "HINT:  Check free disk space."; exit 3',
      'could not extend file "base/5/1": No space left on device',
    ],
    [
      'echo "psql: error: connection to server failed: FATAL:  the database system is in recovery mode"; exit 2',
      "the database system is in recovery mode",
    ],
    ['echo "sh: psql: not found"; exit 127', "sh: psql: not found"],
  ])("fails where it cannot: %s", async (psql, why) => {
    const { status, stderr } = await box(
      `case "$1 $3" in "exec psql") ${psql};; *Status*) echo "running 0";; network*) echo n1;; esac`,
    ).gate(proven);
    expect(status).toBe(1);
    expect(stderr).toBe(
      `acme-kratos: is healthy and cannot be written: ${why}. Its last log lines:\n${wayBack}`,
    );
  });

  test("puts a container into its networks, at its address, and into no other", async () => {
    const { status, log } = await box(
      'case "$1 $3" in *Status*) echo "running 0";; network*) echo n1;; inspect*) echo "bridge=b bigcorp-internal=c ";; esac',
    ).gate(onlyService);
    expect(status).toBe(0);
    expect(changesOf(log)).toEqual([
      "network connect --ip 10.0.0.4 --alias kratos acme-internal acme-kratos",
      "network connect acme-egress acme-kratos",
      "network disconnect --force bridge acme-kratos",
      "network disconnect --force bigcorp-internal acme-kratos",
    ]);
  });

  test.each([
    ["Docker, where it has never run", "acme-internal="],
    ["Podman, which says the name", "acme-internal=acme-internal"],
  ])("leaves a container in its networks: %s", async (_, says) => {
    const { log } = await box(
      `case "$1 $3" in *Status*) echo "running 0";; network*) echo n1;; inspect*) echo "acme-egress=n1 ${says} ";; esac`,
    ).gate(onlyService);
    expect(changesOf(log)).toEqual([]);
  });

  test("puts a container into the network that was made again under the name of its own", async () => {
    const { log } = await box(
      'case "$1 $3" in *Status*) echo "running 0";; network*) echo n1;; inspect*) echo "acme-egress=n1 acme-internal=of-before ";; esac',
    ).gate(onlyService);
    expect(changesOf(log)).toEqual([
      "network disconnect --force acme-internal acme-kratos",
      "network connect --ip 10.0.0.4 --alias kratos acme-internal acme-kratos",
    ]);
  });

  test.each([
    ["container acme-kratos", "inspect"],
    ["network acme-internal", "network"],
  ])("says what mends it when %s is gone", async (what, call) => {
    const { status, stderr } = await box(`case $1 in ${call}) exit 1;; esac`).gate();
    expect(status).toBe(1);
    expect(stderr).toBe(`${what} is gone. To make it again: pulumi up --refresh\n`);
  });

  test("starts a container that somebody has stopped", async () => {
    const { status, log } = await box(
      'case "$1 $3" in exec*) test -e FOLDER/started;; *Status*) echo "exited 0";; start*) touch FOLDER/started;; esac',
    ).gate(onlyService);
    expect(status).toBe(0);
    expect(log).toContain("start acme-kratos\n");
  });

  test("wakes a container that somebody has paused", async () => {
    const { status, log } = await box(
      'case "$1 $3" in exec*) test -e FOLDER/awake;; *Status*) echo "paused 0";; unpause*) touch FOLDER/awake;; esac',
    ).gate(onlyService);
    expect(status).toBe(0);
    expect(log).toContain("unpause acme-kratos\n");
  });

  test("fails with the step's last log lines when it exits non-zero", async () => {
    const { status, stderr } = await box(
      'case "$1 $3" in wait*) echo 3;; *Status*) echo "running 0";; logs*) echo "no such column" >&2;; esac',
    ).gate();
    expect(status).toBe(1);
    expect(stderr).toBe(
      `acme-kratos-migrate: failed with exit code 3. Its last log lines:\nno such column\n${wayBack}`,
    );
  });

  test("fails when a service that it has started exits", async () => {
    const { status, stderr } = await box(
      'case "$1 $3" in exec*) exit 1;; *ExitCode*) echo 2;; *Status*) echo "exited 0";; esac',
    ).gate({ timeoutSeconds: 60 });
    expect(status).toBe(1);
    expect(stderr).toContain("acme-kratos: exited with code 2. Its last log lines:");
  });

  test("fails when a service keeps restarting", async () => {
    const restarting = 'echo >> FOLDER/asked; echo "restarting $(wc -l < FOLDER/asked)"';
    const { stderr } = await box(`case "$1 $3" in exec*) exit 1;; *Status*) ${restarting};; esac`).gate({
      timeoutSeconds: 60,
    });
    expect(stderr).toContain(
      "acme-kratos: does not stay up: restarting, started again 3 times while this waited. Its last log lines:",
    );
  });

  test("counts restarts from its own start: those of last month are no fault of now", async () => {
    const third = "echo >> FOLDER/tried; [ $(wc -l < FOLDER/tried) = 3 ]";
    const made = box(`case "$1 $3" in exec*) ${third};; *Status*) echo "running 7";; esac`);
    expect(await made.gate(onlyService)).toMatchObject({ status: 0, stderr: "" });
  });

  test("fails when its time is over", async () => {
    const { stderr } = await box(ill).gate({ timeoutSeconds: 1 });
    expect(stderr).toContain("acme-kratos: is not healthy after 1 s. Its last log lines:");
  });

  test.each([
    ["by its load", "6.00", 1],
    ["by what wants to run now", "0.10", 6],
  ])("gives the containers of a crowded host more time, %s", async (_, load, running) => {
    const made = box(ill);
    made.busy(load, running);
    const start = Date.now();
    expect((await made.gate({ timeoutSeconds: 1 })).stderr).toContain("is not healthy after 1 s. Its");
    expect(Date.now() - start).toBeGreaterThan(1_900);
  });

  test("ends a health check that hangs", async () => {
    const hanging = 'case "$1 $3" in exec*) exec sleep 60;; *Status*) echo "running 0";; esac';
    const { stderr } = await box(hanging).gate({ timeoutSeconds: 2 }, ["within 10", "within 1"]);
    expect(stderr).toContain("acme-kratos: is not healthy after 2 s: its health check does not end. Its");
  });

  test("lets a step that takes too long go on, and says so", async () => {
    const hanging = 'case "$1 $3" in wait*) exec sleep 60;; *Status*) echo "running 0";; esac';
    const { status, stderr } = await box(hanging).gate({ stepSeconds: 1 }, [
      "within 60 docker wait",
      "within 1 docker wait",
    ]);
    expect(status).toBe(1);
    expect(stderr).toContain(
      "acme-kratos-migrate: is not done after 1 s. It goes on, and the next pulumi up waits for it again. Its",
    );
  });

  test("says that an engine does not answer", async () => {
    const { status, stderr } = await box("exec sleep 60").gate({}, ["within 60 docker", "within 1 docker"]);
    expect(status).not.toBe(0);
    expect(stderr).toContain("the engine does not answer: docker inspect took more than 60 s");
  });

  test("asks once for what the first request makes, and waits for it", async () => {
    const { status, log } = await box(
      'case "$*" in *made*) sleep 1; touch FOLDER/made;; exec*) test -e FOLDER/made;; *Status*) echo "running 0";; esac',
    ).gate({ timeoutSeconds: 30, await: [{ ...kratos, prepare: ["made", "a b"] }], run: [] });
    expect(status).toBe(0);
    expect(log.split("\n").filter((text) => text.includes("made"))).toEqual(["exec acme-kratos made a b"]);
  });

  test("is another gate when a container is another one", () => {
    expect(gateScript({ ...usualGate, run: [{ ...migrate, id: "dead" }] })).not.toBe(gateScript(usualGate));
  });

  test("is valid shell", () => {
    const input = box("true").script();
    expect(spawnSync("sh", ["-n"], { input, encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  });
});

describe.concurrent("the queue of a host", () => {
  const working =
    'case "$1 $3" in exec*) mkdir -p FOLDER/at; : > FOLDER/at/$$; ls FOLDER/at | wc -l >> FOLDER/most; ' +
    'sleep 0.3; rm FOLDER/at/$$;; *Status*) echo "running 0";; esac';

  test("has as many gates at work as the host has cores", async () => {
    const made = box(working);
    const ran = await Promise.all(Array.from({ length: 6 }, () => made.gate(onlyService)));
    expect(ran.map(({ status }) => status)).toEqual([0, 0, 0, 0, 0, 0]);
    const most = made.read("most").trim().split("\n").map(Number);
    expect(most).toHaveLength(6);
    expect(Math.max(...most)).toBe(2);
  });

  test("goes on when a gate is killed, whatever that has left behind", async () => {
    const made = box(
      'case "$1 $3" in exec*) [ -e FOLDER/go ] || exec sleep 60;; *Status*) echo "running 0";; esac',
    );
    const stuck = [made.start(made.script(onlyService)), made.start(made.script(onlyService))];
    for (let waited = 0; made.read("log").split("exec").length < 3 && waited < 100; waited++) await sleep(50);
    const next = made.gate(onlyService);
    spawnSync("touch", [`${made.folder}/go`]);
    const ended = stuck.map((gate) => once(gate, "exit"));
    for (const gate of stuck) gate.kill("SIGKILL");
    await Promise.all(ended);
    expect((await next).status).toBe(0);
  });
});

describe.concurrent("the firewall's gate", () => {
  const denied =
    'case "$1 $3" in exec*) exit 1;; *ExitCode*) echo 1;; *Status*) echo "exited 0";; logs*) echo "Permission denied" >&2;; esac';
  const guarding = 'case "$1 $3" in *Status*) echo "running 0";; esac';

  test("stops a host that requires the rule", async () => {
    expect((await box(denied).firewallGate("require")).status).toBe(1);
  });
  test("tells a laptop why not", async () => {
    const { status, stdout } = await box(denied).firewallGate("report");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^not applied: olympus-firewall: exited .*\nPermission denied\n$/s);
  });
  test("says so when the rule is there", async () => {
    expect((await box(guarding).firewallGate("report")).stdout).toBe("applied\n");
    expect((await box(guarding).firewallGate("require")).stdout).toBe("applied\n");
  });
});
