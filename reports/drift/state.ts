import { z } from "zod";

/** A resource as the last `up` has left it in the stack's state. */
export interface StateResource {
  readonly urn: string;
  /** `docker:index/container:Container` */
  readonly type: string;
  /** Logical name, `acme-kratos`. */
  readonly name: string;
  readonly id: string | undefined;
  readonly parent: string | undefined;
  /** Name of the host whose engine has it. */
  readonly engine: string | undefined;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Whose something is. What is nobody's in particular, such as a wildcard record, is the stack's. */
export interface Owner {
  readonly kind: "tenant" | "host" | "stack";
  readonly name: string;
}

const kinds: Readonly<Record<string, Owner["kind"]>> = {
  "olympus:fleet:TenantStack": "tenant",
  "olympus:fleet:Host": "host",
};

const properties = z.record(z.string(), z.unknown()).default({});
const exported = z.object({
  deployment: z.object({
    manifest: z.object({ time: z.string() }).optional(),
    resources: z
      .array(
        z.object({
          urn: z.string(),
          type: z.string(),
          id: z.string().optional(),
          parent: z.string().optional(),
          provider: z.string().optional(),
          delete: z.boolean().optional(),
          inputs: properties,
        }),
      )
      .nullish(),
  }),
});

/** The last part of a URN: a resource's logical name. */
export const nameOf = (urn: string) => urn.split("::").slice(3).join("::");

/** Type of a resource by its URN, without its parents' types. */
export const typeOf = (urn: string) => urn.split("::")[2]?.split("$").at(-1) ?? "";

/** What `pulumi stack export` knows. Secrets in it are encrypted, and nothing here decrypts. */
export class StackState {
  readonly stack: string;
  /** When a run last wrote it. */
  readonly written: string | undefined;
  readonly resources: ReadonlyMap<string, StateResource>;

  /** @throws ZodError when it is not an export of Pulumi's */
  constructor(stack: string, text: string) {
    this.stack = stack;
    const { deployment } = exported.parse(JSON.parse(text));
    this.written = deployment.manifest?.time;
    const kept = (deployment.resources ?? []).filter((resource) => resource.delete !== true);
    this.resources = new Map(
      kept.map(({ urn, type, id, parent, provider, inputs }) => {
        const [, engine] = /[:$]pulumi:providers:docker::([^:]+)::/.exec(provider ?? "") ?? [];
        return [urn, { urn, type, name: nameOf(urn), id, parent, engine, inputs }];
      }),
    );
  }

  /** Whose a resource is, by the component that it stands below. Also of one that is not there yet. */
  ownerOf(urn: string, parent = this.resources.get(urn)?.parent): Owner {
    const kind = kinds[typeOf(urn)];
    if (kind !== undefined) return { kind, name: nameOf(urn) };
    if (parent === undefined) return { kind: "stack", name: this.stack };
    return this.ownerOf(parent);
  }

  /** Where each tenant lives. */
  get homes(): ReadonlyMap<string, string> {
    return new Map(
      [...this.resources.values()].flatMap(({ urn, engine }) => {
        const owner = this.ownerOf(urn);
        return engine !== undefined && owner.kind === "tenant" ? [[owner.name, engine]] : [];
      }),
    );
  }

  /** Hosts that something was made on. */
  get hosts(): readonly string[] {
    return [...this.resources.values()]
      .map(({ urn }) => this.ownerOf(urn))
      .filter(({ kind }) => kind === "host")
      .map(({ name }) => name)
      .filter((name, index, all) => all.indexOf(name) === index);
  }

  /** Resources of a host and of the tenants that live there. */
  on(host: string): StateResource[] {
    const homes = this.homes;
    return [...this.resources.values()].filter(({ urn }) => {
      const { kind, name } = this.ownerOf(urn);
      return kind === "host" ? name === host : kind === "tenant" && homes.get(name) === host;
    });
  }
}
