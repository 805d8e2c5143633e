import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { caddyContainer } from "../../../backends/docker/names.ts";
import { internalUrls } from "../../../fleet/tenant/context.ts";
import { containersOf } from "../../harness/containers.ts";
import { callInside } from "../../harness/inside.ts";
import type { Hand } from "./hand.ts";

/** Where drift says that one `up --refresh` puts it right, one does; and a plain `up` never takes it for right. */
export function promiseCases(handOf: () => Hand): void {
  let hand: Hand;
  beforeAll(() => {
    hand = handOf();
  });
  /** A plain `up` that must fail. */
  const refused = async () => {
    const { exitCode, output } = await hand.fleet.stack.up();
    expect(exitCode).not.toBe(0);
    return output;
  };

  test("a container under another name", async () => {
    await hand.docker("rename", "acme-hera", "acme-hera-of-before");
    expect((await hand.look()).words).toEqual({ acme: ["acme-hera was changed: name"] });
    expect(await refused()).toContain("container acme-hera is gone. To make it again: pulumi up --refresh");
    await hand.mend();
    expect(await hand.login("acme")).toBe(200);
    expect([...(await containersOf(hand.fleet)).keys()]).not.toContain("acme-hera-of-before");
  });

  test("a paused Caddy: a plain up", async () => {
    await hand.docker("pause", caddyContainer);
    expect((await hand.look()).words).toEqual({ "host local": [`${caddyContainer} is paused`] });
    await hand.fleet.up();
    expect(await hand.login("acme")).toBe(200);
    await hand.fleet.up("--expect-no-changes");
  });

  test("a stopped service: a plain up", async () => {
    await hand.docker("stop", "acme-kratos");
    await hand.fleet.up();
    expect(await hand.login("acme")).toBe(200);
    await hand.mend();
  });

  describe("a network that steps were in, too", () => {
    const steps = ["acme-postgres-roles", "acme-kratos-migrate", "acme-hydra-migrate", "acme-bootstrap"];
    beforeAll(async () => {
      // What is stopped holds no network: a prune takes it.
      await hand.docker("stop", "acme-hera", "acme-athena");
      for (const part of ["postgres", "kratos", "hydra"]) {
        await hand.docker("network", "disconnect", "--force", "acme-internal", `acme-${part}`);
      }
      await hand.docker("network", "rm", "acme-internal");
    });

    test("a plain up says what is missing, each time", async () => {
      for (const _ of [1, 2]) {
        expect(await refused()).toContain(
          "network acme-internal is gone. To make it again: pulumi up --refresh",
        );
      }
    });

    test("one up --refresh, once what was stopped is removed; after which steps can be run again", async () => {
      // docs/operate.md: the provider would start these before they can be joined to the new network.
      await hand.docker("rm", "--force", "acme-hera", "acme-athena");
      await hand.mend();
      expect(await hand.login("acme")).toBe(200);
      const id = await hand.docker("network", "inspect", "--format", "{{.Id}}", "acme-internal");
      for (const step of steps) {
        const format = '{{.State.ExitCode}} {{(index .NetworkSettings.Networks "acme-internal").NetworkID}}';
        expect(await hand.docker("inspect", "--format", format, step)).toBe(`0 ${id}`);
      }
      await hand.fleet.up("--expect-no-changes");
    });
  });

  describe("a tenant's data", () => {
    const volume =
      "docker volume create --label olympus-fleet.managed-by=olympus-fleet --label olympus-fleet.tenant=bigcorp " +
      "--label olympus-fleet.service=postgres bigcorp-postgres";
    const remove =
      "docker ps --all --quiet --filter label=olympus-fleet.tenant=bigcorp | xargs --no-run-if-empty docker rm --force";
    const said = `host local: volume bigcorp-postgres is gone, and with it all data of bigcorp.
Nothing of bigcorp is touched, and it is not begun empty. On the host, remove what is left of its containers and make the volume:
  ${remove}
  ${volume}
To restore bigcorp, put its backup into it (docs/operate.md). To begin bigcorp empty on purpose, put nothing into it.
Then: pulumi up --refresh`;
    const indented = (text: string) => text.replaceAll(/^ +/gm, "");
    const volumes = () => hand.docker("volume", "ls", "--format", "{{.Name}}");

    beforeAll(async () => {
      // The others go on, as they would on a host.
      await hand.docker("rm", "--force", "bigcorp-postgres");
      await hand.docker("volume", "rm", "bigcorp-postgres");
    });

    test("gone: up says so and touches nothing of that tenant, and the others go on", async () => {
      await hand.inCaddy("echo '# by hand' >> /etc/caddy/sites/acme.caddy");
      expect(indented(await refused())).toContain(indented(said));
      expect(await hand.inCaddy("cat /etc/caddy/sites/acme.caddy")).not.toContain("by hand");
      expect(await volumes()).not.toContain("bigcorp-postgres");
    });

    test("gone: up --refresh does not begin it empty either, however often", async () => {
      for (const _ of [1, 2]) {
        const { exitCode, output } = await hand.fleet.stack.up({ args: ["--refresh"] });
        expect(exitCode).not.toBe(0);
        expect(indented(output)).toContain(indented(said));
        expect(await volumes()).not.toContain("bigcorp-postgres");
      }
      expect(await hand.login("acme")).toBe(200);
    });

    test("another's volume in its place is not taken", async () => {
      await hand.docker(...volume.replace("tenant=bigcorp", "tenant=newcorp").split(" ").slice(1));
      expect(await refused()).toContain(
        "host local: volume bigcorp-postgres is there, and says that it is newcorp's. This stack has not made it.",
      );
      await hand.docker("volume", "rm", "bigcorp-postgres");
    });

    test("begun empty on purpose, as the message says: with its keys and its administrator", async () => {
      await execa("sh", ["-ec", `${remove}\n${volume}`], { env: { DOCKER_HOST: hand.fleet.dockerHost } });
      await hand.mend();
      expect(await hand.login("bigcorp")).toBe(200);
      const page = `${internalUrls.hydraPublic}/.well-known/jwks.json`;
      expect((await callInside(hand.fleet, "bigcorp", page)).status).toBe(200);
      const admin = `${internalUrls.kratosAdmin}/admin/identities?credentials_identifier=admin@bigcorp.localhost`;
      expect(JSON.parse((await callInside(hand.fleet, "bigcorp", admin)).body)).toHaveLength(1);
      await hand.fleet.up("--expect-no-changes");
    });
  });
}
