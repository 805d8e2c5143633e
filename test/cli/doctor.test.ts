import { chmodSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { doctor } from "../../cli/doctor/doctor.ts";
import { doctorDocument } from "../harness/doctorDocument.ts";
import { machineText } from "../reports/doctor/healthy.ts";
import { EngineStandIn } from "./engineStandIn.ts";
import { fleetFile, laptop, Project } from "./project.ts";

let project: Project;
let engine: EngineStandIn;
beforeEach(async () => {
  project = new Project();
  engine = await EngineStandIn.start(project.folder);
  project.write("Pulumi.dev.yaml", stack(engine.address));
  // The machine that runs the tests has faults of its own: here it tells what a healthy one has told.
  project.write("facts", machineText);
  project.write("bin/sh", `#!/bin/sh\ncat >> ${project.folder}/script; cat ${project.folder}/facts\n`);
  chmodSync(join(project.folder, "bin/sh"), 0o755);
  vi.stubEnv("PATH", `${join(project.folder, "bin")}${delimiter}${process.env.PATH}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  engine.end();
  project.end();
});

const stack = (address: string, name = "local") => `config:
  olympus:domain: example.org
  olympus:hosts:
    ${name}:
      address: ${address}
      memory: 512MiB
      reserve: 1MiB
  olympus:tls: { mode: internal }
  olympus:overcommit: 9
`;

const run = (...args: readonly string[]) => project.run(doctor, ...args);

const json = async (...args: readonly string[]) => {
  const { code, out } = await run("--json", ...args);
  return { code, document: doctorDocument.parse(JSON.parse(out)) };
};

describe("a host of this machine", () => {
  test("is asked for what it has, and told in a table with remedies", async () => {
    const { out, err, code } = await run();
    expect(err).toBe("");
    expect(code).toBe(0);
    expect(out).toMatch(/^local {2}unix:\/\/.*engine\.sock: /);
    expect(out).toMatch(/✔ {2}engine +Docker 20\.10\.24\+dfsg1, API 1\.41/);
    expect(out).toMatch(/✔ {2}images +0 are here, 7 can be had/);
  });

  test("as JSON, a shape that programs rely on", async () => {
    const { code, document } = await json();
    expect(code).toBe(0);
    expect(document).toMatchObject({
      stack: "dev",
      problems: [],
      hosts: [{ host: "local", role: "tenants" }],
    });
  });

  test("that has less memory than is written: exit code 1, with the line to write", async () => {
    engine.answer("/info", { Driver: "overlay2", MemTotal: 128 * 2 ** 20, Architecture: "x86_64" });
    const { code, document } = await json();
    expect(code).toBe(1);
    const found = document.hosts[0]?.findings.find(
      ({ check, level }) => check === "memory" && level === "error",
    );
    expect(found).toMatchObject({
      found: "128MiB, and the configuration says 512MiB",
      remedy: { where: "file", lines: ["olympus:hosts:", "  local:", "    memory: 128MiB"] },
    });
    const { out } = await run();
    expect(out).toContain("✖ memory: 128MiB, and the configuration says 512MiB");
    expect(out).toContain("    memory: 128MiB");
  });

  test("whose engine is gone", async () => {
    engine.end();
    const { code, document } = await json();
    expect(code).toBe(1);
    expect(document.hosts[0]?.verdict).toBe("error");
    expect(document.hosts[0]?.findings.map(({ check }) => check)).toContain("engine");
  });

  test("whose engine answers as something else", async () => {
    engine.answer("/version", { hello: "world" });
    expect((await json()).document.hosts[0]?.findings).toContainEqual(
      expect.objectContaining({
        check: "engine",
        found: "does not answer (what answers there is no engine)",
      }),
    );
  });

  test("whose registry is out of reach is asked once per registry, not once per image", async () => {
    engine.answer("/distribution/", { message: "dial tcp: lookup: no such host" }, 500);
    const { code, document } = await json();
    expect(code).toBe(0);
    expect(engine.asked.filter((path) => path.startsWith("/distribution/"))).toHaveLength(2);
    expect(document.hosts[0]?.findings.filter(({ check }) => check === "images")).toMatchObject(
      [
        { level: "warning", found: /4 images from docker\.io: dial tcp/ },
        { level: "warning", found: /3 images from ghcr\.io: dial tcp/ },
      ].map((one) => ({ ...one, found: expect.stringMatching(one.found) })),
    );
  });

  test("with Podman is not asked for images, since Podman has no such call", async () => {
    engine.answer("/version", {
      Version: "5.4.0",
      ApiVersion: "1.41",
      Components: [{ Name: "Podman Engine" }],
    });
    const { document } = await json();
    expect(engine.asked.filter((path) => path.startsWith("/distribution/"))).toEqual([]);
    expect(document.hosts[0]?.findings).toContainEqual(
      expect.objectContaining({ check: "images", level: "unknown" }),
    );
  });

  test("gets the script on stdin, which is told what the configuration and the engine have said", async () => {
    engine.answer("/info", { DockerRootDir: "/srv/docker", Architecture: "x86_64" });
    await run();
    expect(readFileSync(join(project.folder, "script"), "utf8")).toContain("folder=/srv/docker\n");
  });
});

describe("which host is meant", () => {
  beforeEach(() => project.write("Pulumi.prod.yaml", stack(engine.address, "eu-1")));

  test("the stack that has it needs no --stack", async () => {
    project.write("tenants.yaml", fleetFile("acme: {}"));
    expect((await json("eu-1")).document).toMatchObject({ stack: "prod", hosts: [{ host: "eu-1" }] });
  });

  test.each([
    [[], "Which stack? Write --stack with one of: dev, prod."],
    [["eu1"], "eu1 is not a host of one stack here (local, eu-1). Did you mean eu-1?"],
    [["local", "--stack", "prod"], "local is not a host of stack prod (eu-1). Write one of these."],
    [
      ["--stack", "production"],
      "--stack production: there is no Pulumi.production.yaml. Stacks here: dev, prod.",
    ],
  ])("%j", async (args, message) => {
    expect(await run(...args)).toEqual({ code: 2, out: "", err: message });
  });

  test("an option that there is not", async () => {
    expect(await run("--html")).toMatchObject({
      code: 2,
      err: expect.stringContaining("usage: npm run fleet -- doctor"),
    });
  });

  test("help", async () => {
    expect(await run("--help")).toMatchObject({
      code: 0,
      out: expect.stringContaining("usage: npm run fleet -- doctor"),
    });
  });
});

describe("files that are wrong", () => {
  test("are told, and no host is asked", async () => {
    project.write("tenants.yaml", fleetFile("acme: { size: smal }"));
    const { code, out, err } = await run("local");
    expect(code).toBe(1);
    expect(out).toBe("Stack dev: 1 problem in the files, no host was asked\n");
    expect(err).toMatch(/^tenants\.yaml:4:11 {2}tenants\.acme\.size: "smal" .*Did you mean small\?\n$/);
    expect(engine.asked).toEqual([]);
  });

  test("as JSON too", async () => {
    project.write("tenants.yaml", fleetFile("acme: { size: smal }"));
    const { code, document } = await json();
    expect(code).toBe(1);
    expect(document).toMatchObject({ hosts: [], problems: [{ path: "tenants.acme.size" }] });
  });

  test("a stack without a file", async () => {
    project.remove("Pulumi.dev.yaml");
    expect(await run()).toEqual({
      code: 2,
      out: "",
      err: "There is no Pulumi.<stack>.yaml that names hosts. Copy Pulumi.prod.yaml and write olympus:hosts, or name the project's folder: --cwd FOLDER.",
    });
  });
});

test("hosts over SSH that nobody can reach are judged side by side, each with its own words", async () => {
  const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
  const host = (name: string) => `    ${name}:
      address: ssh://root@${name}.example.net
      hostKey: ${key}
      memory: 16GiB
`;
  project.write("Pulumi.dev.yaml", laptop.replace(/ {4}local:\n(.*\n){2}/, host("eu-1") + host("eu-2")));
  project.write("tenants.yaml", fleetFile("acme: { host: eu-1 }"));
  project.write(
    "bin/ssh",
    `#!/bin/sh
case "$*" in
-V) echo "OpenSSH_9.2p1 Debian-2+deb12u3, OpenSSL 3.0.15" ;;
*eu-1.example.net*) echo "ssh: connect to host eu-1.example.net port 22: Connection refused" ;;
*eu-2.example.net*) echo "ssh: Could not resolve hostname eu-2.example.net: Name or service not known" ;;
esac >&2
exit 255
`,
  );
  chmodSync(join(project.folder, "bin/ssh"), 0o755);
  const { code, document } = await json();
  expect(code).toBe(1);
  expect(document.hosts.map(({ findings }) => findings.map(({ found }) => found))).toEqual([
    ["OpenSSH 9.2", "nothing listens at port 22"],
    ["OpenSSH 9.2", "eu-2.example.net has no address"],
  ]);
});
