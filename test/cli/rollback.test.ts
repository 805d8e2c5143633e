import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parse, stringify } from "yaml";
import { rollback } from "../../cli/rollback/rollback.ts";
import type { Release } from "../../fleet/model.ts";
import { releaseId } from "../../fleet/release.ts";
import { releasesText } from "../fleet/fleetInput.ts";
import { type Ran, ran } from "./ran.ts";

/** `fleet rollback` with a `pulumi` that has the state that it is given, and a `docker` that answers nobody. */

let folder: string;
const path = process.env.PATH;
const put = (file: string, text: string) => writeFileSync(join(folder, file), text);
const written = () => readFileSync(join(folder, "tenants.yaml"), "utf8");
const stub = (name: string, script: string) => {
  put(`bin/${name}`, `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, `bin/${name}`), 0o755);
};

const tenants = `# Ours.
defaults: { mail: none, release: "2026.12" } # since Tuesday
rings: [canary, stable]
tenants:
  # The first.
  acme: { ring: canary }
  bigcorp: {}
`;

const { releases: all, ...hosts } = parse(releasesText);
const usual = all["2026.11"];
const changed = { ...usual, images: { ...usual.images, hera: "registry.test/hera:v2" } };

const releaseOf = (name: string, { images, postgresMajor }: typeof usual): Release => ({
  name,
  images,
  versions: { kratos: undefined, hydra: undefined },
  postgresMajor,
  postgresBase: undefined,
});

/** Acme has 2026.12 since noon, and its ring was healthy with 2026.11 before; bigcorp waits. */
function state(): unknown {
  const resource = (type: string, name: string, outputs: object) => ({
    urn: `urn:pulumi:prod::olympus-fleet::${type}::${name}`,
    type,
    outputs,
  });
  const given = (name: string, release: typeof usual, since: string) => ({
    given: { release: releaseOf(name, release), since },
  });
  const verified = (release: string, from: typeof usual, at: string) => ({
    id: releaseId(releaseOf(release, from)),
    release,
    at,
  });
  const [early, noon] = ["2026-11-28T08:00:00.000Z", "2026-11-28T12:00:00.000Z"];
  return {
    deployment: {
      resources: [
        resource("olympus:fleet:TenantStack", "acme", given("2026.12", changed, noon)),
        resource("olympus:fleet:TenantStack", "bigcorp", given("2026.11", usual, early)),
        resource("olympus:fleet:Ring", "canary", {
          verified: [verified("2026.11", usual, early), verified("2026.12", changed, noon)],
        }),
        resource("olympus:fleet:Ring", "stable", { verified: [verified("2026.11", usual, early)] }),
      ],
    },
  };
}

const files = (kratos = usual.images.kratos) => {
  const newer = { ...changed, images: { ...changed.images, kratos } };
  put("releases.yaml", stringify({ releases: { "2026.11": usual, "2026.12": newer }, ...hosts }));
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "olympus-rollback-"));
  mkdirSync(join(folder, "bin"));
  put(
    "Pulumi.prod.yaml",
    `config:\n  olympus:domain: example.org\n  olympus:tls: { mode: internal }\n  olympus:hosts:\n    eu-1: { address: "unix:///run/eu-1.sock", memory: 16GiB }\n`,
  );
  put("tenants.yaml", tenants);
  files();
  stub("pulumi", `cat ${folder}/state.json`);
  put("state.json", JSON.stringify(state()));
  stub("docker", "echo 'the engine sleeps' >&2; exit 1");
  vi.stubEnv("PATH", `${folder}/bin${delimiter}${path}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: readonly string[]): Promise<Ran> => ran(rollback, folder, args);

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
    put("state.json", JSON.stringify({ deployment: {} }));
    await refused(
      "stack prod has never run, so there is nothing to go back to. Write the release that is wanted, and run pulumi up.\nNothing was written.\n",
      1,
      "acme",
    );
  });

  test("where the images of the older release were edited", async () => {
    const other = { ...usual, images: { ...usual.images, athena: "registry.test/athena:v9" } };
    put("releases.yaml", stringify({ releases: { "2026.11": other, "2026.12": changed }, ...hosts }));
    await refused(
      "releases.yaml:2:3  release 2026.11 has other images than acme had with it. Write back those that it had, or name another release with --to.\nNothing was written.\n",
      1,
      "acme",
    );
  });

  test("where it is no longer in the file", async () => {
    put("releases.yaml", stringify({ releases: { "2026.12": changed }, ...hosts }));
    const { code, err } = await run("acme");
    expect(code).toBe(1);
    expect(err).toContain('tenants.yaml:2:25  defaults.release: "2026.11" is not');
    expect(written()).toBe(tenants);
  });

  /** Acme's newer release has another Kratos. */
  const newKratos = () => {
    const newer = { ...changed, images: { ...changed.images, kratos: "registry.test/kratos:v2" } };
    const told = JSON.stringify(state());
    put(
      "state.json",
      told
        .replaceAll(usual.images.kratos, "registry.test/kratos:v2")
        .replaceAll(releaseId(releaseOf("2026.12", changed)), releaseId(releaseOf("2026.12", newer))),
    );
    files("registry.test/kratos:v2");
  };

  test("where somebody has changed the file while databases were asked", async () => {
    newKratos();
    const answer = "*psql*) grep -q knows && printf 'knows=kratos\\t1\\n'; exit 0 ;;";
    stub("docker", `case $* in ${answer} *pg_isready*) echo "# Me, too." >> ${folder}/tenants.yaml ;; esac`);
    expect(await run("acme")).toEqual({
      code: 1,
      out: "",
      err: "tenants.yaml: somebody has changed it meanwhile. Run the command again.\nNothing was written.\n",
    });
    expect(written()).toBe(`${tenants}# Me, too.\n`);
    stub("docker", `case $* in ${answer} esac`);
    expect((await run("acme")).out).toContain(
      "  acme: has 2026.12 since 2026-11-28 12:00 UTC; kratos: the image alone\n",
    );
  });

  test("where the older image says nothing of an empty database", async () => {
    newKratos();
    stub("docker", "");
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
