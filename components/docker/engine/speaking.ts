import * as pulumi from "@pulumi/pulumi";
import { type EngineKind, engines } from "../../../hosts/engines.ts";
import type { HostShell } from "../host/hostScript.ts";

/** The same shell for a host with that engine: what scripts call `docker` is the engine's own command there. */
export function speaking(engine: EngineKind, shell: HostShell): HostShell {
  const { prelude } = engines[engine];
  if (prelude === "") return shell;
  return {
    run: (name, { script, ...args }, opts) =>
      shell.run(name, { ...args, script: pulumi.output(script).apply((text) => prelude + text) }, opts),
  };
}
