import { rm } from "node:fs/promises";
import { expect, test } from "vitest";
import { makeKey } from "../../../../lab/hosts/keys.ts";
import { type DoctorStage, errors, of } from "./stage.ts";

/** Between here and the engine. */
export function wayCases(stage: () => DoctorStage): void {
  test("another host's key", async () => {
    const found = await stage().ask("eu-1", { hostKey: stage().site.host("eu-2").hostKey });
    expect(errors(found)).toEqual([
      expect.stringMatching(
        /^reach: shows another ED25519 key \(SHA256:\S+\) than the pinned one \(SHA256:\S+\)$/,
      ),
    ]);
  });

  test("a key that may not sign in", async () => {
    const path = `${stage().site.folder}/stranger`;
    stage().afterwards(() => Promise.all([rm(path), rm(`${path}.pub`)]));
    const { file } = await makeKey(stage().site.folder, "stranger");
    expect(errors(await stage().ask("eu-1", { identityFile: file }))).toEqual([
      "reach: does not let root in (publickey,password)",
    ]);
  });

  test("a port where nobody listens", async () => {
    const { address } = stage().site.host("eu-1");
    expect(errors(await stage().ask("eu-1", { address: `ssh://root@${address}:2222` }))).toEqual([
      "reach: nothing listens at port 2222",
    ]);
  });

  test("a cable that is pulled", async () => {
    await stage().site.host("eu-2").unplug();
    stage().afterwards(() => stage().site.host("eu-2").plug());
    expect(errors(await stage().ask("eu-2"))).toEqual(["reach: does not answer in time"]);
  });

  test("an engine that was stopped", async () => {
    const host = stage().site.host("eu-1");
    await host.engine.stop();
    stage().afterwards(() => host.engine.start());
    expect(errors(await stage().ask("eu-1"))).toEqual(["engine: does not run"]);
  });

  test("an engine that hangs", async () => {
    const host = stage().site.host("eu-1");
    const pid = await host.run("pidof", "dockerd");
    await host.run("kill", "-STOP", pid);
    stage().afterwards(() => host.run("kill", "-CONT", pid));
    expect(errors(await stage().ask("eu-1"))).toEqual(["engine: does not answer (no answer within 20 s)"]);
  });

  test("no engine", async () => {
    expect(errors(await stage().ask("eu-2"))).toEqual(["engine: does not run"]);
  });

  test("a user without the right to the engine, on whose account the script still tells what it can", async () => {
    const host = stage().site.host("eu-1");
    // Of the host alone: what lies above these files goes with its mount namespace.
    await host.run(
      ...["sh", "-c"],
      `for file in passwd shadow; do cp -p /etc/$file /run/$file; done
       echo 'deploy:x:4711:4711::/tmp:/bin/sh' >> /run/passwd
       echo 'deploy:*:20000::::::' >> /run/shadow
       for file in passwd shadow; do mount --bind /run/$file /etc/$file; done`,
    );
    stage().afterwards(() => host.run("umount", "/etc/passwd", "/etc/shadow"));
    const found = await stage().ask("eu-1", { address: `ssh://deploy@${host.address}` });
    expect(errors(found)).toEqual([
      expect.stringMatching(/^engine: deploy may not use it \(srw-rw---- root \S+\)$/),
    ]);
    const finding = found.findings.find(({ check }) => check === "engine");
    expect(finding).toMatchObject({ remedy: { lines: ["sudo usermod -aG docker deploy"] } });
    expect(of(found, "sshd")).toEqual(["ok: 10 sessions a connection, by its files"]);
    expect(of(found, "disk")).toEqual([expect.stringMatching(/^ok: .* free at \/var\/lib\/docker$/)]);
  });

  test("an sshd that takes few sessions", async () => {
    const host = stage().site.host("eu-1");
    await host.run("sh", "-c", "echo MaxSessions 2 > /etc/ssh/sshd_config.d/few.conf");
    await host.sshd.stop();
    await host.sshd.start();
    stage().afterwards(async () => {
      await host.run("rm", "/etc/ssh/sshd_config.d/few.conf");
      await host.sshd.stop();
      await host.sshd.start();
    });
    expect(errors(await stage().ask("eu-1"))).toEqual(["sshd: MaxSessions is 2"]);
  });
}
