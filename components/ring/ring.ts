import * as pulumi from "@pulumi/pulumi";
import { type Verification, withVerification } from "../../fleet/rings/ledger.ts";
import { type VerificationRecord, verificationRecordOf } from "../../fleet/rings/record.ts";
import { areThere, type Reached } from "../reached.ts";

/** A tenant that is to come through with a release. */
export interface Passing {
  /** There once it has passed its gates. Undefined for one that is not touched in this run. */
  readonly site: Reached | undefined;
  /** Whether what runs of it is of that release's images. */
  readonly isAsPlanned: pulumi.Output<boolean>;
}

/**
 * What is known of a ring before the run, and what the run is to find out.
 *
 * @example
 * ```ts
 * new Ring("canary", { verified: [], passing: [{ id, release: "2026.12", once: [acme] }], clock: () => new Date() });
 * ```
 */
export interface RingArgs {
  /** Releases that it has been healthy with. */
  verified: readonly Verification[];
  /** Releases that it is healthy with once all of these are there. */
  passing: readonly {
    readonly id: string;
    readonly release: string;
    /** Tenants that got it ahead of the rings before this one. Default: none. */
    readonly ahead?: readonly string[] | undefined;
    readonly once: readonly Passing[];
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
    this.registerOutputs({ verified: verifiedAfter({ verified, passing, clock }) });
  }
}

/** What the ring has been healthy with at the end of the run. */
export const verifiedAfter = ({ verified, passing, clock }: RingArgs): pulumi.Output<VerificationRecord[]> =>
  pulumi.all(passing.map(hasPassed)).apply((passed) => {
    const at = clock();
    return passing
      .filter((_, index) => passed[index])
      .reduce(
        (known, { id, release, ahead }) => withVerification(known, { id, release, at, ahead }),
        [...verified],
      )
      .map(verificationRecordOf);
  });

/** Not where Pulumi was told to leave a tenant alone (`--target`): its gates are those that it has passed before. */
function hasPassed({ once }: RingArgs["passing"][number]): pulumi.Output<boolean> {
  const sites = once.flatMap(({ site }) => (site === undefined ? [] : [site]));
  return areThere(sites).apply((are) => {
    if (!are || sites.length < once.length) return pulumi.output(false);
    return pulumi.all(once.map(({ isAsPlanned }) => isAsPlanned)).apply((all) => all.every(Boolean));
  });
}
