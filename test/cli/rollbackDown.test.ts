import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { changed, RollbackStage } from "./rollbackStage.ts";

/**
 * `fleet rollback` of a ring of two whose Kratos takes a migration back. `docker` is a script that knows what a database would
 * say, and `ssh` one that runs scripts here. With real migrations: test/engine/rings/rollback.cases.ts.
 */

const tenants = `defaults: { mail: none, release: "2026.12", ring: canary }
rings: [canary, stable]
tenants:
  acme: {}
  bigcorp: {}
`;
const hostKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${"A".repeat(43)}`;
const host = `{ address: ssh://root@eu-1.example.net, hostKey: "${hostKey}", memory: 16GiB }`;

let stage: RollbackStage;

/** @param special what it does before all else; `$sql` is the statement of a psql */
const docker = (special = "") => {
  stage.stub(
    "docker",
    `echo "$*" >> ${stage.folder}/log
case $* in *psql*) sql=$(cat) ;; *) sql= ;; esac
${special}
say() { printf "$1=kratos\\t%s\\n" $2; }
case $sql in
*applied=*) say applied "1 2" ;;
*knows=*) say knows 1 ;;
*row-before=* | *row-after=*) ;;
*newer=*) say newer "1 2" ;;
*after=*) say after 1 ;;
*older=* | *after-column=*) case $sql in *older=*) kind=older ;; *) kind=after-column ;; esac; printf "$kind=kratos\\tpeople\\tid\\ttext\\tYES\\t\\n" ;;
*real=* | *before=*) case $sql in *real=*) kind=real ;; *) kind=before ;; esac
  printf "$kind=kratos\\tpeople\\t%s\\ttext\\tYES\\t\\n" id note ;;
*loss=*) printf "loss=kratos\\tpeople\\tnote\\t%s\\n" "$(cat ${stage.folder}/rows)" ;;
*"count(*)"*) echo 2 ;;
*datdba*) echo kratos ;;
esac`,
  );
};
const log = () => stage.read("log").split("\n");
/** What was done to services, in its order. */
const done = () => log().flatMap((one) => /^(stop|start) \S+$|--steps .*$/.exec(one)?.[0] ?? []);

beforeEach(() => {
  const newer = { ...changed, images: { ...changed.images, kratos: "registry.test/kratos:v2" } };
  stage = new RollbackStage(tenants, host, newer);
  stage.state(["acme", "bigcorp"], []);
  stage.put("rows", "0");
  docker();
  // One takes longer than the other.
  stage.stub(
    "ssh",
    `case $* in *-rollback*) ;; *) exit 255 ;; esac
case $* in *"-O exit"*) echo "ssh exit" >> ${stage.folder}/log; exit 0 ;; esac
script=$(cat)
case $script in *bigcorp-postgres*) sleep 0.1 ;; esac
printf '%s\\n' "$script" | sh -s
echo "ssh end" >> ${stage.folder}/log`,
  );
});
afterEach(() => stage.remove());

test("the way to a host is open until all of its tenants were asked", async () => {
  const { code, err } = await stage.run("canary", "--check");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  // Asked, tried and counted, for two.
  expect(log().filter((one) => one.startsWith("ssh "))).toEqual([...Array(6).fill("ssh end"), "ssh exit"]);
});

test("of a large ring a few tenants are asked at once: hosts are not reckoned for a program more of each", async () => {
  const names = ["acme", "bigcorp", "c", "d", "e"];
  stage.put(
    "tenants.yaml",
    `${tenants}${names
      .slice(2)
      .map((name) => `  ${name}: {}\n`)
      .join("")}`,
  );
  stage.state(names, []);
  stage.stub("docker", "case $* in *psql*) grep -q knows && printf 'knows=kratos\\t1\\n' ;; esac; exit 0");
  stage.stub(
    "ssh",
    `case $* in *"-O exit"*) exit 0 ;; esac
script=$(cat)
echo begin >> ${stage.folder}/log
# Until all are here, should they come.
for time in 1 2 3 4 5 6 7 8; do [ "$(grep -c begin ${stage.folder}/log)" -ge 5 ] || sleep 0.1; done
printf '%s\n' "$script" | sh -s
echo end >> ${stage.folder}/log`,
  );
  expect((await stage.run("canary", "--check")).code).toBe(0);
  let [open, most] = [0, 0];
  for (const one of log()) {
    open += one === "begin" ? 1 : one === "end" ? -1 : 0;
    most = Math.max(most, open);
  }
  expect(log().filter((one) => one === "begin")).toHaveLength(names.length);
  expect(open).toBe(0);
  expect(most).toBeLessThanOrEqual(4);
});

test("migrations are taken back, tenant by tenant, with their service stopped", async () => {
  const { code, out } = await stage.run("canary");
  expect(code).toBe(0);
  expect(out).toContain("acme-kratos, bigcorp-kratos are stopped until then: do it at once.\n");
  // Tried on an empty database for each of them before.
  expect(done()).toEqual([
    ...Array(2).fill("--steps 1 -e --yes"),
    ...["stop acme-kratos", "--steps 1 -e --yes"],
    ...["stop bigcorp-kratos", "--steps 1 -e --yes"],
  ]);
  expect(stage.read("tenants.yaml")).toBe(tenants.replace("2026.12", "2026.11"));
});

describe("an end in the middle", () => {
  const halfway = async (code: number, first: string) => {
    expect(await stage.run("canary")).toEqual({
      code,
      out: "",
      err: `${first}\ntenants.yaml was not written. May be stopped, with migrations taken back: acme-kratos, bigcorp-kratos. Run the command again at once: it goes on where it ended.\n`,
    });
  };

  test("names whatever is stopped by then, and takes nothing back under a service that still runs", async () => {
    docker(`case $* in "stop bigcorp-kratos") echo "it does not stop"; exit 1 ;; esac`);
    await halfway(4, "bigcorp: kratos: it does not stop");
    expect(done().slice(2)).toEqual(["stop acme-kratos", "--steps 1 -e --yes", "stop bigcorp-kratos"]);
    expect(stage.read("tenants.yaml")).toBe(tenants);
  });

  test("is none where the service is gone: a run was killed that replaced it", async () => {
    docker(
      `case $* in *"stop bigcorp-kratos" | "inspect bigcorp-kratos") echo "No such container" >&2; exit 1 ;; esac`,
    );
    expect((await stage.run("canary")).code).toBe(0);
  });

  test("does not take the place of what somebody has written into the file meanwhile", async () => {
    docker(`case $* in "stop bigcorp-kratos") echo "# Me, too." >> ${stage.folder}/tenants.yaml ;; esac`);
    await halfway(1, "tenants.yaml: somebody has changed it meanwhile. Run the command again.");
    expect(stage.read("tenants.yaml")).toBe(`${tenants}# Me, too.\n`);
  });

  test("is where people have written what would be lost, after it was counted", async () => {
    docker(`case $* in "stop bigcorp-kratos") echo 1 > ${stage.folder}/rows ;; esac`);
    await halfway(
      4,
      "bigcorp: kratos: people.note has been written since it was counted, and would be lost; bigcorp-kratos runs again",
    );
    expect(done().slice(2)).toEqual([
      ...["stop acme-kratos", "--steps 1 -e --yes"],
      ...["stop bigcorp-kratos", "start bigcorp-kratos"],
    ]);
  });

  test("is none where that was accepted", async () => {
    stage.put("rows", "1");
    const { code } = await stage.run("canary", "--accept-loss-since", "2026-11-28T12:00:00Z");
    expect(code).toBe(0);
    expect(done()).not.toContain("start bigcorp-kratos");
  });
});
