import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { Stage } from "./stage.ts";

interface Resource {
  readonly type: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** Root keys, passwords, and what is derived from them. */
async function secretsOf({ fleet }: Stage): Promise<string[]> {
  const { deployment } = JSON.parse(await fleet.stack.state({ showSecrets: true })) as {
    deployment: { resources: Resource[] };
  };
  const random = deployment.resources
    .filter(({ type }) => type === "random:index/randomPassword:RandomPassword")
    .map(
      ({ outputs }) => JSON.parse((outputs as { result: { plaintext: string } }).result.plaintext) as string,
    );
  const passwords = Object.values((await fleet.stack.outputs()).fleet).map(
    ({ administrator }) => administrator.initialPassword,
  );
  return [...random, ...passwords];
}

export function secretCases(stage: Stage): void {
  test("no command line has it: neither a tenant's secrets, nor a script, nor the key to sign in with", async () => {
    const secrets = await secretsOf(stage);
    expect(secrets).toHaveLength(6);
    const key = await readFile(stage.fleet.site.identityFile, "utf8");
    const lines = [...stage.commandLines];
    for (const secret of [...secrets, key.split("\n")[1] ?? ""]) {
      expect(lines.filter((line) => line.includes(secret))).toEqual([]);
    }
  });

  test("what ssh is given are options, the host's public key, and the engine or a shell to speak to", () => {
    const options =
      /^ssh( -[lp] \S+| -T| -F fleet\/ssh\/ssh_config| -o (KnownHostsCommand=\/usr\/bin\/env echo %H ssh-ed25519 \S+|\w+=\S+))+ -- [\d.]+/;
    const commands =
      / (sh -s( create)?|docker '--host=unix:\/\/\/var\/run\/docker\.sock' system dial-stdio)$/;
    const lines = [...stage.commandLines].filter((line) => line.includes("HostKeyAlias="));
    const ssh = lines.filter((line) => line.startsWith("ssh "));
    expect(ssh.length).toBeGreaterThan(2);
    for (const line of ssh) expect(line.replace(options, "")).toMatch(commands);
  });

  test("the state has neither the key to sign in with nor a tenant's secrets in plain text", async () => {
    const state = await stage.fleet.stack.state();
    const key = await readFile(stage.fleet.site.identityFile, "utf8");
    for (const secret of [...(await secretsOf(stage)), key.split("\n")[1] ?? ""]) {
      expect(state).not.toContain(secret);
    }
  });
}
