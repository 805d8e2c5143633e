import * as pulumi from "@pulumi/pulumi";

/**
 * Whether all of these are there. Under `--continue-on-error` Pulumi goes on with the ids of those that it has left alone
 * as with values that nobody knows; what is made of one would be written into the state as such, over what it remembered.
 */
export const areThere = (resources: readonly Pick<pulumi.CustomResource, "id">[]): pulumi.Output<boolean> =>
  pulumi.output(
    Promise.all(resources.map(({ id }) => isKnown(id))).then((all) => all.every((known) => known)),
  );

/** A property of Pulumi's outputs that its types leave out; versions of the SDK in one process share it. */
function isKnown(output: object): unknown {
  return !("isKnown" in output) || output.isKnown;
}
