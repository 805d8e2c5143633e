import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { changed, RollbackStage, usual } from "./rollbackStage.ts";

/** `fleet rollback` with a `pulumi` that has the state that it is given, and a `docker` that answers nobody. */

const tenants = `# Ours.
defaults: { mail: none, release: "2026.12" } # since Tuesday
rings: [canary, stable]
tenants:
  # The first.
  acme: { ring: canary }
  bigcorp: {}
`;

let stage: RollbackStage;
const written = () => stage.read("tenants.yaml");
const run = (...args: readonly string[]) => stage.run(...args);

/** Acme has 2026.12, bigcorp waits for it. */
const begin = (newer = changed) => {
  stage = new RollbackStage(tenants, '{ address: "unix:///run/eu-1.sock", memory: 16GiB }', newer);
  stage.state(["acme"], ["bigcorp"]);
  stage.stub("docker", "echo 'the engine sleeps' >&2; exit 1");
};

beforeEach(() => begin());
afterEach(() => stage.remove());

describe("a release of which only images without a schema differ", () => {
  test("goes back by an edit that keeps the rest of the file, and says what to run", async () => {
    expect(await run("canary")).toEqual({
      code: 0,
      err: "",
      out: `Ring canary: back to 2026.11
  acme: has 2026.12 since 2026-11-28 12:00 UTC; the images alone
tenants.yaml:2:25  defaults.release: 2026.12 → 2026.11
Next: pulumi up --stack prod. It waits for no window, bake or hold.
`,
    });
    expect(written()).toBe(tenants.replace("2026.12", "2026.11"));
    // Killed before the `up`, or run twice: the same.
    expect((await run("canary")).out).toContain("tenants.yaml says so already.\nNext: pulumi up");
    expect(written()).toBe(tenants.replace("2026.12", "2026.11"));
  });

  test("--check writes nothing; --json says all of it", async () => {
    const { out, code } = await run("acme", "--check", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      version: 1,
      stack: "prod",
      kind: "tenant",
      name: "acme",
      to: "2026.11",
      tenants: [{ tenant: "acme", has: "2026.12", since: "2026-11-28T12:00:00.000Z", services: [] }],
      closed: [],
      also: [],
      edits: [
        {
          place: { file: "tenants.yaml", line: 2, column: 25 },
          path: "defaults.release",
          from: "2026.12",
          to: "2026.11",
        },
      ],
      isDone: false,
      next: "pulumi up --stack prod",
    });
    expect((await run("acme", "--check")).out).toMatch(/Nothing was written \(--check\)\.\n$/);
    expect(written()).toBe(tenants);
  });
});

describe("nothing is written", () => {
  const refused = async (words: string, code: number, ...args: readonly string[]) => {
    expect(await run(...args)).toEqual({ code, out: "", err: words });
    expect(written()).toBe(tenants);
  };

  test("where the stack has never run", async () => {
    stage.put("state.json", JSON.stringify({ deployment: {} }));
    await refused(
      "stack prod has never run, so there is nothing to go back to. Write the release that is wanted, and run pulumi up.\nNothing was written.\n",
      1,
      "acme",
    );
  });

  test("where the images of the older release were edited", async () => {
    const other = { ...usual, images: { ...usual.images, athena: "registry.test/athena:v9" } };
    stage.releases({ "2026.11": other, "2026.12": changed });
    await refused(
      "releases.yaml:2:3  release 2026.11 has other images than acme had with it. Write back those that it had, or name another release with --to.\nNothing was written.\n",
      1,
      "acme",
    );
  });

  test("where it is no longer in the file", async () => {
    stage.releases({ "2026.12": changed });
    const { code, err } = await run("acme");
    expect(code).toBe(1);
    expect(err).toContain('tenants.yaml:2:25  defaults.release: "2026.11" is not');
    expect(written()).toBe(tenants);
  });

  /** Acme's newer release has another Kratos. */
  const newKratos = () => {
    stage.remove();
    begin({ ...changed, images: { ...changed.images, kratos: "registry.test/kratos:v2" } });
  };

  test("where somebody has changed the file while databases were asked", async () => {
    newKratos();
    const answer = "*psql*) grep -q knows && printf 'knows=kratos\\t1\\n'; exit 0 ;;";
    stage.stub(
      "docker",
      `case $* in ${answer} *pg_isready*) echo "# Me, too." >> ${stage.folder}/tenants.yaml ;; esac`,
    );
    expect(await run("acme")).toEqual({
      code: 1,
      out: "",
      err: "tenants.yaml: somebody has changed it meanwhile. Run the command again.\nNothing was written.\n",
    });
    expect(written()).toBe(`${tenants}# Me, too.\n`);
    stage.stub("docker", `case $* in ${answer} esac`);
    expect((await run("acme")).out).toContain(
      "  acme: has 2026.12 since 2026-11-28 12:00 UTC; kratos: the image alone\n",
    );
  });

  test("where the older image says nothing of an empty database", async () => {
    newKratos();
    stage.stub("docker", "");
    await refused(
      `acme: ${usual.images.kratos} has made nothing of an empty database, so nobody knows what it can work on\nNothing was written.\n`,
      4,
      "acme",
    );
  });

  test("where the databases have to be asked, and the host is silent", async () => {
    newKratos();
    await refused(
      "host eu-1 does not answer, so the databases of acme could not be asked: the engine sleeps\nNothing was written.\n",
      4,
      "acme",
    );
  });

  test.each([
    [[], "rollback: write the name of one tenant or ring."],
    [["a", "b"], "rollback: write the name of one tenant or ring."],
    [["acme", "--to", ""], "--to needs the name of a release."],
    [
      ["acme", "--accept-loss-since", "yesterday"],
      "--accept-loss-since yesterday: is no time with a time zone. Write 2026-11-28T12:00:00Z, for example.",
    ],
    [
      ["acme", "--accept-loss-since", "2026-11-28T12:00:00"],
      "--accept-loss-since 2026-11-28T12:00:00: is no time with a time zone. Write 2026-11-28T12:00:00Z, for example.",
    ],
  ])("where %j is no command line", async (args, words) => {
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err.split("\n")[0]).toBe(words);
    expect(written()).toBe(tenants);
  });
});
