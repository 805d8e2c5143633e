import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { rotate } from "../../cli/rotate/rotate.ts";
import { releasesText } from "../fleet/fleetInput.ts";
import { ran } from "./ran.ts";

vi.mock("node:timers/promises", async (original) => {
  const timers = await original<typeof import("node:timers/promises")>();
  return { ...timers, setTimeout: vi.fn(timers.setTimeout) };
});

/** `fleet rotate` with a `docker` that answers in Hydra's place, a line for each call. */

let folder: string;
const put = (file: string, text: string) => writeFileSync(join(folder, file), text);
/** @param answers what each call prints, in turn */
function docker(...answers: readonly string[]): void {
  answers.forEach((answer, index) => {
    put(`answer-${index}`, answer);
  });
  put(
    "bin/docker",
    `#!/bin/sh\ncd ${folder}\nturn=$(cat turn 2>/dev/null || echo 0)\necho $((turn + 1)) > turn\necho "$1 $2" >> calls\nfor last do :; done\necho "$last" >> calls\ncat "answer-$turn" || exit 1\n`,
  );
  chmodSync(join(folder, "bin/docker"), 0o755);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "olympus-rotate-"));
  mkdirSync(join(folder, "bin"));
  put(
    "Pulumi.prod.yaml",
    'config:\n  olympus:domain: example.org\n  olympus:tls: { mode: internal }\n  olympus:hosts:\n    eu-1: { address: "unix:///run/eu-1.sock", memory: 16GiB }\n',
  );
  put(
    "tenants.yaml",
    'defaults: { release: "2026.11", mail: none }\ntenants:\n  acme: {}\n  resting: { state: suspended }\n',
  );
  put("releases.yaml", releasesText);
  vi.stubEnv("PATH", `${folder}/bin${delimiter}${process.env.PATH}`);
});
afterEach(() => {
  vi.useRealTimers();
  vi.mocked(sleep).mockReset();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const sets = ["hydra.openid.id-token", "hydra.jwt.access-token"];
const keys = (...ids: readonly string[]) => sets.map((set, index) => ({ set, id: ids[index] }));

describe("fleet rotate jwks", () => {
  test("makes keys, waits, and removes the old ones; only the first call may begin", async () => {
    const until = new Date(Date.now() + 200);
    docker(
      JSON.stringify({ made: keys("new-1", "new-2"), removed: [], until }),
      JSON.stringify({ made: [], removed: keys("old-1", "old-2") }),
    );
    expect(await ran(rotate, folder, ["jwks", "acme", "--wait", "1h"])).toEqual({
      code: 0,
      err: "",
      out: [
        "acme: hydra.openid.id-token signs with a new key, new-1",
        "acme: hydra.jwt.access-token signs with a new key, new-2",
        `acme: what the old keys have signed is good until ${until.toISOString().slice(0, 19)}Z; this waits, and may be stopped: the next call goes on.`,
        "acme: hydra.openid.id-token has lost its key old-1",
        "acme: hydra.jwt.access-token has lost its key old-2",
        "acme: the old keys are gone.",
        "",
      ].join("\n"),
    });
    expect(readFileSync(join(folder, "calls"), "utf8")).toBe(
      'exec acme-athena\n{"waitSeconds":3600,"mayBegin":true}\nexec acme-athena\n{"waitSeconds":3600,"mayBegin":false}\n',
    );
  });

  test("waits for longer than a timer of Node's can", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.mocked(sleep).mockImplementation((milliseconds) => {
      vi.setSystemTime(Date.now() + (milliseconds ?? 0));
      return Promise.resolve();
    });
    const until = new Date(Date.now() + 80 * 86_400_000);
    docker(
      JSON.stringify({ made: keys("new-1", "new-2"), removed: [], until }),
      JSON.stringify({ made: [], removed: keys("old-1", "old-2") }),
    );
    expect(await ran(rotate, folder, ["jwks", "acme", "--wait", "80d"])).toMatchObject({ code: 0 });
    const waits = vi.mocked(sleep).mock.calls.map(([milliseconds = 0]) => milliseconds);
    // More than that is taken for 1 ms.
    expect(Math.max(...waits)).toBeLessThan(2 ** 31);
    expect(Date.now()).toBeGreaterThan(until.getTime());
  });

  test("says what the host says where it could not", async () => {
    put("bin/docker", "#!/bin/sh\necho 'Error: No such container: acme-athena' >&2\nexit 1\n");
    chmodSync(join(folder, "bin/docker"), 0o755);
    expect(await ran(rotate, folder, ["jwks", "acme"])).toEqual({
      code: 1,
      out: "",
      err: "acme: Error: No such container: acme-athena. What was done stays; the next call goes on from there.\n",
    });
  });

  test.each([
    [["jwks", "acne"], "acne is not a tenant of stack prod. Its tenants: acme, resting."],
    [
      ["jwks", "resting"],
      "resting is suspended: nothing of it runs that has keys. Write state: active, pulumi up, and then this.",
    ],
  ])("%j is refused", async (args, message) => {
    expect(await ran(rotate, folder, args)).toEqual({ code: 2, out: "", err: message });
  });

  test.each([
    [["acme"], "Write rotate jwks TENANT: there is nothing else to rotate so."],
    [["jwks"], "Write the name of one tenant."],
    [["jwks", "acme", "bigcorp"], "Write the name of one tenant."],
    [
      ["jwks", "acme", "--wait", "60"],
      '--wait "60" has no unit. Write 60m for minutes, 60h for hours or 60d for days.',
    ],
  ])("%j is answered with what to write, and the usage", async (args, message) => {
    const { code, out, err } = await ran(rotate, folder, args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.split("\n\n")[0]).toBe(message);
  });
});
