/** A resource as the stack's state knows it. */
export interface KnownResource {
  /** Logical name, `acme-kratos`. */
  readonly name: string;
  /** `docker:index/container:Container` */
  readonly type: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

const types = {
  host: "olympus:fleet:Host",
  tenant: "olympus:fleet:TenantStack",
  ring: "olympus:fleet:Ring",
  volume: "docker:index/volume:Volume",
  network: "docker:index/network:Network",
  container: "docker:index/container:Container",
  secret: "random:index/randomPassword:RandomPassword",
  command: "command:local:Command",
} as const;

/** A stack's state, for the questions that are asked before anything is touched. */
export class Known {
  private readonly byType = new Map<string, Map<string, KnownResource>>();
  private readonly ids: ReadonlySet<unknown>;
  /** Whether every container and network in it bears its engine's id, by which it is told from another of its name. */
  readonly knowsIds: boolean;

  constructor(resources: readonly KnownResource[]) {
    for (const resource of resources) {
      const { type, name } = resource;
      this.byType.set(type, (this.byType.get(type) ?? new Map()).set(name, resource));
    }
    this.ids = new Set(resources.map(({ outputs }) => outputs.id));
    this.knowsIds = resources
      .filter(({ type }) => /^docker:index\/(container|network):/.test(type))
      .every(({ outputs }) => typeof outputs.id === "string");
  }

  has(kind: keyof typeof types, name: string): boolean {
    return this.find(kind, name) !== undefined;
  }

  find(kind: keyof typeof types, name: string): KnownResource | undefined {
    return this.byType.get(types[kind])?.get(name);
  }

  /** All of a kind. */
  all(kind: keyof typeof types): KnownResource[] {
    return [...(this.byType.get(types[kind])?.values() ?? [])];
  }

  /** Whether an engine's id is of something that it has made. */
  hasId(id: string): boolean {
    return this.ids.has(id);
  }
}
