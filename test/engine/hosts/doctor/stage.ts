import { expect } from "vitest";
import { doctor } from "../../../../cli/doctor/doctor.ts";
import { ensureRegistry } from "../../../../lab/docker/registry.ts";
import type { LabHost } from "../../../../lab/hosts/host.ts";
import { LabSite } from "../../../../lab/hosts/site.ts";
import { ensureImages, type LabImages } from "../../../../lab/images/images.ts";
import { labReleases } from "../../../../lab/stack/releases.ts";
import { fleetFile, Project } from "../../../cli/project.ts";
import { releasesText } from "../../../fleet/fleetInput.ts";
import { type DoctorDocument, doctorDocument } from "../../../harness/doctorDocument.ts";

/** A host as the document has it, with the exit code. */
export type Asked = DoctorDocument["hosts"][number] & { readonly code: number };

const machines = [
  { name: "eu-1" },
  { name: "eu-2", engine: "none" },
  { name: "eu-3", engine: "podman" },
] as const;

/** Three machines, eu-1 with Docker, eu-2 with no engine, eu-3 with Podman; the project's one tenant is on eu-1. */
export class DoctorStage {
  readonly site: LabSite;
  readonly images: LabImages;
  readonly project: Project;
  private readonly undo: (() => Promise<unknown>)[] = [];

  private constructor(site: LabSite, images: LabImages) {
    this.site = site;
    this.images = images;
    this.project = new Project(fleetFile("acme: { host: eu-1 }"));
    this.project.remove("Pulumi.dev.yaml");
    this.project.write("releases.yaml", labReleases(releasesText, images));
  }

  static async open(): Promise<DoctorStage> {
    const images = await ensureImages(await ensureRegistry());
    return new DoctorStage(await LabSite.open(machines), images);
  }

  /** Undoes what a test has done to a host, in the opposite order. */
  afterwards(step: () => Promise<unknown>): void {
    this.undo.push(step);
  }

  async mend(): Promise<void> {
    for (const step of this.undo.splice(0).reverse()) await step();
  }

  async close(): Promise<void> {
    this.project.end();
    await this.site.close();
  }

  /** Asks one host, whose configuration is right but for what is given. */
  async ask(name: string, given: Readonly<Record<string, string>> = {}): Promise<Asked> {
    const { code, hosts } = await this.askAll([name], { [name]: given });
    const [host] = hosts;
    if (host === undefined) throw new Error(`nothing was said of ${name}`);
    return { ...host, code };
  }

  /** Asks these hosts, or all. */
  async askAll(
    names: readonly string[] = [],
    given: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
  ): Promise<{ code: number; hosts: DoctorDocument["hosts"] }> {
    const entries = machines.map(
      ({ name }) => `    ${name}:\n${this.entry(this.site.host(name), given[name])}`,
    );
    this.project.write(
      "Pulumi.prod.yaml",
      `config:
  olympus:domain: id.example.com
  olympus:hosts:
${entries.join("")}  olympus:tls: { mode: internal }
`,
    );
    const { code, out, err } = await this.project.run(doctor, ...names, "--json");
    expect(err).toBe("");
    const { hosts, problems } = doctorDocument.parse(JSON.parse(out));
    expect(problems).toEqual([]);
    return { code, hosts };
  }

  private entry(
    { sshAddress, hostKey, address }: LabHost,
    given: Readonly<Record<string, string>> = {},
  ): string {
    const right = {
      address: sshAddress,
      hostKey,
      identityFile: this.site.identityFile,
      memory: "1GiB",
      reserve: "64MiB",
      publicAddress: `[${address}]`,
    };
    return Object.entries({ ...right, ...given })
      .map(([key, value]) => `      ${key}: ${value}\n`)
      .join("");
  }
}

/** Findings that keep the fleet from the host, `ports: port 80 is held by …`. */
export const errors = ({ findings }: Asked) =>
  findings.flatMap(({ level, check, found }) => (level === "error" ? [`${check}: ${found}`] : []));

/** What one group of checks has to say. */
export const of = ({ findings }: Asked, check: string) =>
  findings.filter((finding) => finding.check === check).map(({ level, found }) => `${level}: ${found}`);
