import * as pulumi from "@pulumi/pulumi";

/** A resource; of a command also what it printed. */
export interface Reached {
  readonly id: pulumi.Output<string>;
  readonly stdout?: pulumi.Output<string>;
}

/**
 * Whether all of these are there. Under `--continue-on-error` Pulumi goes on with the ids of those that it has left alone
 * as with values that nobody knows; what is made of one would be written into the state as such, over what it remembered.
 * A command that was there and whose run has failed keeps its id: of that, nobody knows what it printed.
 */
export const areThere = (resources: readonly Reached[]): pulumi.Output<boolean> =>
  pulumi.output(
    Promise.all(
      resources.flatMap(({ id, stdout }) => [
        isKnown(id),
        ...(stdout === undefined ? [] : [isKnown(stdout)]),
      ]),
    ).then((all) => all.every((known) => known)),
  );

/** A property of Pulumi's outputs that its types leave out; versions of the SDK in one process share it. */
function isKnown(output: object): unknown {
  return !("isKnown" in output) || output.isKnown;
}
