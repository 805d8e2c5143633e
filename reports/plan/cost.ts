/** What the operator pays, in one of two ways; a number of any currency. */
export interface Prices {
  /** For a whole host; its tenants share it by what they reserve. */
  readonly perHost?: number | undefined;
  /** For a GiB of reserved memory. */
  readonly perGib?: number | undefined;
}

/** A tenant's part of the price, to the hundredth. */
export function shareOf(
  reservedMiB: number,
  hostReservedMiB: number,
  { perHost, perGib }: Prices,
): number | undefined {
  if (perHost !== undefined)
    return rounded(hostReservedMiB === 0 ? 0 : (perHost * reservedMiB) / hostReservedMiB);
  return perGib === undefined ? undefined : rounded((perGib * reservedMiB) / 1024);
}

const rounded = (amount: number) => Math.round(amount * 100) / 100;
