import type * as docker from "@pulumi/docker";

/** A container's declaration, with plain values where engines differ. */
export interface ContainerDeclaration extends docker.ContainerArgs {
  readonly capabilities: { readonly drops: string[]; readonly adds?: string[] };
  readonly ipcMode: string;
  readonly logOpts: Readonly<Record<string, string>>;
  readonly securityOpts: string[];
  readonly tmpfs: Readonly<Record<string, string>>;
  readonly labels: { readonly label: string; readonly value: string }[];
  /** Names of the network's other containers with their fixed addresses. Default: it needs to know none. */
  readonly neighbours?: Readonly<Record<string, string>>;
}

/** A declaration as one engine takes it, with what Pulumi must know about its answers. */
export interface EngineContainer {
  readonly args: docker.ContainerArgs;
  readonly ignoreChanges: string[];
  readonly replaceOnChanges: string[];
}
