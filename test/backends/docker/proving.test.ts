import { afterAll, describe, expect, test, vi } from "vitest";
import type { GateScript } from "../../../backends/docker/gate.ts";
import { gateScript } from "../../../backends/docker/gate.ts";
import { GateBox, kratos, usualGate, wayBack } from "./gateBox.ts";

// Each starts some dozens of processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

const boxes: GateBox[] = [];
function box(docker: string): GateBox {
  const made = new GateBox(docker);
  boxes.push(made);
  return made;
}
afterAll(() => {
  for (const made of boxes) made.remove();
});

const hera = { name: "acme-hera", id: "beef" };
const probe = { prefix: "acme-", container: "acme-athena", command: ["node", "-e", "it's tried"] };
const last: Partial<GateScript> = { run: [], watch: [kratos, hera], probe };

/**
 * An engine in which all is well, and what is there instead.
 *
 * @param change commands for some calls of `docker`, before the usual ones
 */
const engine = (change = "") => `case "$1 $3" in
${change}
"inspect "*StartedAt*) shift 3; for name do echo "/$name running 4 id-$name 10:00"; done;;
"inspect "*Status*) echo "running 4";;
"network "*) echo n1;;
logs*) echo "Error: the cause";;
esac`;

/** What `unmoved` sees of Hera, whom `watch` has seen as she was. */
const later = (life: string) =>
  `"inspect "*StartedAt*) if [ -e FOLDER/watched ]; then echo "acme-kratos running 4 id-acme-kratos 10:00"; echo "acme-hera ${life}"; else
  touch FOLDER/watched; shift 3; for name do echo "$name running 4 id-$name 10:00"; done; fi;;`;

describe.concurrent("the last gate", () => {
  const end = { container: "acme-postgres", command: ["psql", "-c", "it's over"] };

  test("ends with a command, and prints what that prints", async () => {
    const { status, stdout, log } = await box(engine('"exec psql") echo "generation=2 since=now";;')).gate({
      ...last,
      last: end,
    });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^generation=2 since=now\n$/m);
    expect(log.trim().split("\n").at(-1)).toBe("exec acme-postgres psql -c it's over");
  });

  test("says why the last thing could not be done, and does not begin it for a tenant that has moved", async () => {
    const full = await box(engine('"exec psql") echo "ERROR: disk full"; exit 1;;')).gate({
      ...last,
      last: end,
    });
    expect(full.status).toBe(1);
    expect(full.stderr).toContain(
      "acme-postgres: is healthy and does not do the last thing that it is asked for: ERROR: disk full. ",
    );
    const moved = await box(engine(later("exited 4 id-acme-hera 10:00"))).gate({ ...last, last: end });
    expect(moved.status).toBe(1);
    expect(moved.log).not.toContain("exec acme-postgres");
  });

  test("looks, waits for health, tries, and looks again", async () => {
    const { status, stderr, log } = await box(engine()).gate(last);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const format =
      "inspect --format {{.Name}} {{.State.Status}} {{.RestartCount}} {{.Id}} {{.State.StartedAt}} acme-kratos acme-hera";
    const told = log.split("\n").filter((text) => /^exec|StartedAt/.test(text));
    expect(told).toEqual([
      format,
      "exec acme-kratos wget -q http://x/",
      "exec acme-athena node -e it's tried",
      format,
    ]);
  });

  test("is another gate when a service that it only watches is another container", () => {
    const moved = { ...usualGate, ...last, watch: [kratos, { ...hera, id: "dead" }] };
    expect(gateScript(moved)).not.toBe(gateScript({ ...usualGate, ...last }));
  });

  test.each([
    [
      "was started again and looks healthy",
      "running 6 id-acme-hera 10:05",
      "does not stay up: it was started again while this gate was at work",
    ],
    ["has ended", "exited 4 id-acme-hera 10:00", "does not stay up: exited"],
    [
      "is another container",
      "running 0 another 10:05",
      "was replaced or started again by somebody while this gate was at work",
    ],
    [
      "was started again by hand",
      "running 0 id-acme-hera 10:05",
      "was replaced or started again by somebody while this gate was at work",
    ],
  ])("refuses a service that %s, with the cause and the way back", async (_, life, words) => {
    const { status, stderr } = await box(engine(later(life))).gate(last);
    expect(status).toBe(1);
    expect(stderr).toBe(
      `acme-hera: ${words}. Errors in its log:\nError: the cause\nIts last log lines:\nError: the cause\n${wayBack}`,
    );
  });

  test("takes one for well that it has started itself", async () => {
    const stopped = `"inspect "*StartedAt*) shift 3; [ -e FOLDER/up ] && at="running 4 id 10:05" || at="exited 4 id 10:00"; for name do echo "$name $at"; done;;
"exec "*) [ -e FOLDER/up ];;
"start "*) touch FOLDER/up;;
"inspect "*Status*) echo "exited 4";;`;
    expect(await box(engine(stopped)).gate({ ...last, probe: undefined })).toMatchObject({
      status: 0,
      stderr: "",
    });
  });

  test("says by name what is gone", async () => {
    const gone = `"inspect "*StartedAt*) echo "/acme-kratos running 4 id 10:00"; exit 1;;
"inspect "*Status*) [ "$4" = acme-kratos ] || exit 1; echo "running 4";;`;
    const { status, stderr } = await box(engine(gone)).gate(last);
    expect(status).toBe(1);
    expect(stderr).toBe("container acme-hera is gone. To make it again: pulumi up --refresh\n");
  });

  const soon: readonly [string, string] = ["sleep 2", "sleep 0"];
  const faulty = (said: string, from = "acme-athena") =>
    `exec*) case $2 in ${from}) echo >> FOLDER/tries; ${said}; exit 1;; esac;;`;

  test("tells who is at fault when a healthy tenant does not work, with that one's log", async () => {
    const made = box(engine(faulty('echo "fault: hydra gives no token: POST /oauth2/token: 500"')));
    const { status, stderr, log } = await made.gate(last, soon);
    expect(status).toBe(1);
    expect(stderr).toBe(
      `acme-hydra: is healthy and gives no token: POST /oauth2/token: 500. Errors in its log:\nError: the cause\nIts last log lines:\nError: the cause\n${wayBack}`,
    );
    expect(log).toContain("logs --tail 500 acme-hydra\n");
    expect(made.read("tries").length).toBe(5);
  });

  test("tries again: services find a new database by and by", async () => {
    const made = box(
      engine("exec*) case $2 in acme-athena) echo >> FOLDER/tries; [ $(wc -l < FOLDER/tries) = 3 ];; esac;;"),
    );
    expect(await made.gate(last, soon)).toMatchObject({ status: 0, stderr: "" });
    expect(made.read("tries").length).toBe(3);
  });

  test.each([
    ["echo 'exec: node: not found' >&2", "exec: node: not found"],
    [":", "that does not end"],
  ])("says so when it could not try: %s", async (said, words) => {
    const { status, stderr } = await box(engine(faulty(said))).gate(last, soon);
    expect(status).toBe(1);
    expect(stderr).toContain(`acme-athena: cannot try the tenant: ${words}. Errors in its log:\n`);
  });
});
