import * as pulumi from "@pulumi/pulumi";
import { type Verification, withVerification } from "../../fleet/rings/ledger.ts";
import { verificationRecordOf } from "../../fleet/rings/record.ts";

/**
 * What is known of a ring before the run, and what the run is to find out.
 *
 * @example
 * ```ts
 * new Ring("canary", { verified: [], passing: [{ id, release: "2026.12", once: [acme.site] }], clock: () => new Date() });
 * ```
 */
export interface RingArgs {
  /** Releases that it has been healthy with. */
  verified: readonly Verification[];
  /** Releases that it is healthy with once all of these are there. */
  passing: readonly {
    readonly id: string;
    readonly release: string;
    readonly once: readonly pulumi.CustomResource[];
  }[];
  /** Says when that was. */
  clock: () => Date;
}

/**
 * A ring's memory, in the stack's state: since when it has been healthy with which release. It makes nothing. It is not among
 * the stack's outputs, since none of those is written in a run in which something fails that one of them depends on; a
 * component's are its own.
 */
export class Ring extends pulumi.ComponentResource {
  constructor(name: string, { verified, passing, clock }: RingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("olympus:fleet:Ring", name, {}, opts);
    const ids = passing.flatMap(({ once }) => once.map(({ id }) => id));
    this.registerOutputs({
      verified: pulumi.all(ids).apply(() => {
        const at = clock();
        const all = passing.reduce(
          (known, { id, release }) => withVerification(known, { id, release, at }),
          [...verified],
        );
        return all.map(verificationRecordOf);
      }),
    });
  }
}
