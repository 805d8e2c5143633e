import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fleetFile, laptop, Project } from "./project.ts";

let project: Project;
beforeEach(() => {
  project = new Project(fleetFile("acme: {}", "bigcorp: { size: medium, ring: canary }"));
});
afterEach(() => project.end());

/** What a pull request does to the fleet of `beforeEach`. */
function edit(): void {
  project.write(
    "tenants.yaml",
    fleetFile(
      "bigcorp: { size: { base: medium, hera: 512MiB }, ring: canary }",
      "newcorp: { domains: [login.newcorp.com] }",
    ),
  );
}

describe("whole outputs", () => {
  test("tables", async () => {
    const { out, err, code } = await project.plan();
    expect(out).toMatchSnapshot();
    expect([err, code]).toEqual(["", 0]);
  });

  test("tables with costs, on a narrow terminal's worth of columns", async () => {
    expect((await project.plan("--price-per-host", "80")).out).toMatchSnapshot();
  });

  test("changes", async () => {
    edit();
    expect((await project.plan("--against", "HEAD")).out).toMatchSnapshot();
  });

  test("Markdown for a comment", async () => {
    edit();
    expect((await project.plan("--against", "HEAD", "--markdown")).out).toMatchSnapshot();
  });

  test("JSON, a shape that programs rely on", async () => {
    edit();
    expect(
      JSON.parse((await project.plan("--against", "HEAD", "--json", "--price-per-gib", "4")).out),
    ).toMatchSnapshot();
  });
});

describe("a tenant of which nothing runs", () => {
  beforeEach(() => project.write("tenants.yaml", fleetFile("acme: {}", "bigcorp: { state: suspended }")));

  test("stands in every table with its state and what it uses", async () => {
    const { out } = await project.plan();
    expect(out).toMatch(/^TENANT +STATE +/m);
    expect(out).toMatch(/^acme +active +.* 503MiB +/m);
    expect(out).toMatch(/^bigcorp +suspended +.* 4MiB +/m);
    expect(out).toMatch(/ 507MiB of /);
    const markdown = (await project.plan("--markdown")).out;
    expect(markdown).toContain("| tenant | state | host |");
    expect(markdown).toMatch(/\| bigcorp \| suspended \| .*\| 4MiB \| 16MiB \|/);
  });

  test("is told on the page, and its tile is as small as what it uses", async () => {
    const file = join(project.folder, "plan.html");
    await project.plan("--html", file);
    expect(readFileSync(file, "utf8")).toContain("<small>4MiB, stable, suspended</small>");
  });
});

describe("costs", () => {
  const costs = async (...args: string[]) => {
    const { stacks } = JSON.parse((await project.plan("--json", ...args)).out);
    return stacks[0].report.tenants.map(({ cost }: { cost?: number }) => cost);
  };

  test("a host's price is shared by what tenants reserve, and nothing of it is lost", async () => {
    const shares: number[] = await costs("--price-per-host", "100");
    expect(shares.reduce((sum, one) => sum + one, 0)).toBeCloseTo(100, 1);
  });

  test("a price per GiB is for what is reserved", async () => {
    expect(await costs("--price-per-gib", "10")).toEqual([4.91, 5.28]);
  });

  test("no price, no cost", async () => {
    expect(await costs()).toEqual([undefined, undefined]);
  });
});

describe("what is wrong with the files", () => {
  test("is shown line by line, with exit code 1, beside what is sound", async () => {
    project.write("tenants.yaml", fleetFile("acme: { size: smal }"));
    const { code, out, err } = await project.plan();
    expect(code).toBe(1);
    expect(out).toBe("Stack dev: 1 problem, no plan\n");
    expect(err).toMatch(/^tenants\.yaml:4:11 {2}tenants\.acme\.size: "smal" .*Did you mean small\?\n$/);
  });

  test("of the other side alone are mended by this one, and said under the revision's name", async () => {
    project.write("tenants.yaml", fleetFile("acme: { size: smal }"));
    project.commit();
    project.write("tenants.yaml", fleetFile("acme: {}"));
    const { code, out, err } = await project.plan("--against", "HEAD");
    expect(code).toBe(0);
    expect(err).toBe("");
    expect(out).toMatch(/What changes is not known: HEAD:tenants\.yaml:4:11 {2}tenants\.acme\.size/);
  });

  test("of both sides are told once", async () => {
    project.write("tenants.yaml", fleetFile("acme: { size: smal }"));
    project.commit();
    const { code, err } = await project.plan("--against", "HEAD");
    expect(code).toBe(1);
    expect(err).toMatch(/^tenants\.yaml:4:11 {2}tenants\.acme\.size.*\n$/);
  });

  test("a secret of the stack that is not there yet keeps nobody from planning", async () => {
    project.write("tenants.yaml", fleetFile("acme: { mail: { smtp: main } }"));
    const { code, out } = await project.plan();
    expect(code).toBe(0);
    expect(out).toContain(
      "For `pulumi up`: tenants.yaml:4:19  tenants.acme.mail.smtp: stack dev has no secret",
    );
  });

  test("in the stack file, which nobody else reads offline", async () => {
    project.write("Pulumi.dev.yaml", `${laptop}  olympus:domain: twice.example.org\n`);
    const { code, err } = await project.plan("--stack", "dev");
    expect(code).toBe(1);
    expect(err).toMatch(/^Pulumi\.dev\.yaml:9:3 {2}olympus:domain: this key stands twice/);
  });

  test("a file that two stacks share is told once", async () => {
    project.write("Pulumi.prod.yaml", laptop);
    project.write("tenants.yaml", fleetFile("acme: { size: smal }"));
    const { code, err } = await project.plan("--stack", "dev", "--stack", "prod", "--stack", "dev");
    expect(code).toBe(1);
    expect(err).toMatch(/^tenants\.yaml:4:11 {2}tenants\.acme\.size: .*\n$/);
  });

  test("a stack file is one however it is written", async () => {
    const hosts = { local: { address: "unix:///var/run/docker.sock", memory: "16GiB" } };
    const config = {
      "olympus:domain": "example.org",
      "olympus:hosts": hosts,
      "olympus:tls": { mode: "internal" },
    };
    project.write("Pulumi.json.yaml", JSON.stringify({ config }));
    project.write("Pulumi.none.yaml", "config:\n  # olympus:hosts: to come\n  other:key: x\n");
    const { stacks } = JSON.parse((await project.plan("--json")).out);
    expect(stacks.map(({ stack }: { stack: string }) => stack)).toEqual(["dev", "json"]);
  });

  test("files that the stack names by their whole path are read there", async () => {
    project.write(
      "Pulumi.dev.yaml",
      `${laptop}  olympus:tenantsFile: ${join(project.folder, "fleet.yaml")}\n`,
    );
    project.write("fleet.yaml", fleetFile("elsewhere: {}"));
    const { code, out } = await project.plan();
    expect(out).toContain("elsewhere");
    expect(code).toBe(0);
  });

  test("a file that is not there", async () => {
    project.remove("releases.yaml");
    expect((await project.plan()).err).toBe(
      "releases.yaml: cannot be read. Write the file, or name another in the stack's configuration.\n",
    );
  });

  test("Markdown has it too, for the comment", async () => {
    project.write("tenants.yaml", fleetFile("acme: { size: smal }"));
    const { out, err } = await project.plan("--markdown");
    expect(err).toBe("");
    expect(out).toContain("**`dev`**: 1 problem, no plan");
    expect(out).toContain("- tenants.yaml:4:11 tenants.acme.size:");
  });
});

describe("exit codes", () => {
  test("0 for a change that destroys, unless asked", async () => {
    project.write("tenants.yaml", fleetFile("acme: {}"));
    expect((await project.plan("--against", "HEAD")).code).toBe(0);
    expect((await project.plan("--against", "HEAD", "--exit-code-on", "destroy")).code).toBe(3);
  });

  test("the same in a hook of another repository, where git's own variables name that one", async () => {
    const other = new Project(fleetFile("somebody: {}"));
    vi.stubEnv("GIT_DIR", join(other.folder, ".git"));
    try {
      project.write("tenants.yaml", fleetFile("acme: {}"));
      const { code, out } = await project.plan("--against", "HEAD", "--exit-code-on", "destroy");
      expect(out).toContain("bigcorp");
      expect(code).toBe(3);
    } finally {
      vi.unstubAllEnvs();
      other.end();
    }
  });

  test("0 for a change that only interrupts", async () => {
    edit();
    project.write(
      "tenants.yaml",
      fleetFile("acme: { secrets: { generation: 2 } }", "bigcorp: { size: medium, ring: canary }"),
    );
    expect((await project.plan("--against", "HEAD", "--exit-code-on", "destroy")).code).toBe(0);
  });

  test.each([
    [["--json", "--markdown"], "--json and --markdown: choose one."],
    [["--price-per-host", "80", "--price-per-gib", "4"], "--price-per-host and --price-per-gib: choose one."],
    [["--price-per-host", "80 EUR"], "--price-per-host 80 EUR: is not an amount. Write 80 or 4.5."],
    [["--exit-code-on", "change"], "--exit-code-on change: is not known. Write --exit-code-on destroy."],
    [["--stack", "prd"], "--stack prd: there is no Pulumi.prd.yaml. Stacks here: dev."],
    [
      ["--against", "origin/main"],
      "--against origin/main: git does not know this revision. Fetch it: git fetch origin main",
    ],
    [["--against", "--output=/tmp/x"], /^Option '--against' argument is ambiguous/],
    [["--against=--output=/tmp/x"], /^--against --output=\/tmp\/x: git does not know this revision\./],
    [["--agianst", "HEAD"], /^Unknown option '--agianst'/],
  ])("2 for %j", async (args, message) => {
    const { code, err } = await project.plan(...args);
    expect(code).toBe(2);
    if (typeof message === "string") expect(err).toBe(message);
    else expect(err).toMatch(message);
  });
});

describe("a window of a ring that is over", () => {
  const over = "{ stable: { window: { from: 2025-01-04T22:00, to: 2025-01-05T04:00, timeZone: UTC } } }";
  const rings = (text: string) => fleetFile("acme: {}").replace("[canary, stable]", text);

  test("is refused in the files as they are", async () => {
    project.write("tenants.yaml", rings(over));
    const { code, err } = await project.plan("--against", "HEAD");
    expect(err).toBe(
      "tenants.yaml:2:20  rings.stable.window: the window ended at 2025-01-05T04:00, UTC. Write the next one, or remove window: to let the ring go on at any time.\n",
    );
    expect(code).toBe(1);
  });

  test("is nothing wrong in the files of before: the edit takes it out", async () => {
    project.write("tenants.yaml", rings(over));
    project.commit();
    project.write("tenants.yaml", rings("[stable]"));
    const { code, out } = await project.plan("--against", "HEAD");
    expect(code).toBe(0);
    expect(out).toContain("ring stable: window 2025-01-04T22:00 to 2025-01-05T04:00 UTC → always");
  });
});

describe("several stacks", () => {
  test("each has its own part; a stack without hosts is left out", async () => {
    project.write("Pulumi.eu.yaml", laptop.replace("example.org", "eu.example.org"));
    project.write("Pulumi.other.yaml", "config:\n  aws:region: eu-west-1\n");
    const { stacks } = JSON.parse((await project.plan("--json")).out);
    expect(stacks.map(({ stack }: { stack: string }) => stack)).toEqual(["dev", "eu"]);
  });

  test("a new one, and one whose file is gone", async () => {
    project.write("Pulumi.eu.yaml", laptop);
    project.remove("Pulumi.dev.yaml");
    const { out } = await project.plan("--against", "HEAD", "--markdown");
    expect(out).toContain("stack dev has no file any more, what it made stays until \\`pulumi destroy\\`");
    expect(out).toContain("stack eu is new, its hosts get Caddy and the firewall");
  });
});

test("schema files of the revision are read from the revision", async () => {
  const withSchema = fleetFile("acme: { schemas: { staff: schemas/staff.json } }");
  project.write("tenants.yaml", withSchema);
  project.write("schemas/staff.json", '{"properties":{"traits":{"properties":{"a":{}}}}}');
  project.commit();
  project.write("schemas/staff.json", '{"properties":{"traits":{"properties":{"a":{}},"title":"Staff"}}}');
  const { out, code } = await project.plan("--against", "HEAD");
  expect(code).toBe(0);
  expect(out).toContain("identity schemas of kratos staff.url changes, container replaced");
});

test("a page is written where it is asked for", async () => {
  const file = join(project.folder, "plan.html");
  const { code, err } = await project.plan("--html", file);
  expect([code, err]).toEqual([0, `${file} written\n`]);
  expect(readFileSync(file, "utf8")).toMatch(/^<!doctype html>/);
  expect((await project.plan("--html", join(project.folder, "no/such/plan.html"))).code).toBe(2);
});

test("a comment of 500 changed tenants stays below GitHub's limit, and names the groups once", async () => {
  const fleet = (change: (index: number) => string) =>
    fleetFile(...Array.from({ length: 500 }, (_, index) => `tenant${index}: { ${change(index)} }`));
  const stack = laptop.replace("16GiB", "900GiB");
  const large = new Project(
    fleet(() => ""),
    stack,
  );
  try {
    large.write(
      "tenants.yaml",
      fleet((index) => `domains: [login.customer${index}.com]`),
    );
    const many = await large.plan("--against", "HEAD", "--markdown");
    expect(Buffer.byteLength(many.out)).toBeLessThan(60_000);
    expect(many.out).toMatch(/\*\*Cut here\*\*: \d+ of \d+ parts are left out/);
    expect(many.out.split("<details").length).toBe(many.out.split("</details>").length);
    large.write(
      "tenants.yaml",
      fleet(() => "size: { kratos: 192MiB }"),
    );
    const alike = await large.plan("--against", "HEAD", "--markdown");
    expect(alike.out).toContain("<b>tenant0</b>, <b>tenant1</b>");
    expect(alike.out).toContain("and 492 more (changed)");
    expect(alike.out).not.toContain("Cut here");
  } finally {
    large.end();
  }
}, 30_000);
