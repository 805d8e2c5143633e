/** How many of a stack's tenants one run may remove with their data. One may always go, however few there are. */
export const removableAtOnce = (tenants: number, percent: number): number =>
  Math.max(1, Math.floor((tenants * percent) / 100));
