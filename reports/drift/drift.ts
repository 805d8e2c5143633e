import type { Owner } from "./state.ts";

/** One thing that is no longer as the last `up` has left it. */
export interface Drift {
  readonly owner: Owner;
  readonly kind:
    | "container"
    | "network"
    | "volume"
    | "image"
    | "file"
    | "caddy"
    | "firewall"
    | "disk"
    | "database"
    | "record"
    | "other";
  /** As its engine knows it: `acme-kratos`, `sites/acme.caddy`. */
  readonly name: string;
  readonly how: "removed" | "stopped" | "changed" | "added";
  /** For people: `acme-kratos was removed`. Never a secret, and no value of an environment. */
  readonly words: string;
  /**
   * What mends it. `up`: the next `pulumi up --refresh`. `hand`: a person, with `remedy`, since the program removes
   * nothing that it has not made.
   */
  readonly mend: "up" | "hand";
  /** What to do or to think of first. */
  readonly remedy?: string;
}

/** Tenants first, each with all that is its own, then hosts, then the stack. */
export function sorted(drift: readonly Drift[]): Drift[] {
  const kinds: readonly Owner["kind"][] = ["tenant", "host", "stack"];
  const rank = ({ owner }: Drift) => `${kinds.indexOf(owner.kind)} ${owner.name}`;
  return [...drift].sort((left, right) => {
    const [a, b] = [`${rank(left)} ${left.name}`, `${rank(right)} ${right.name}`];
    return a < b ? -1 : a > b ? 1 : 0;
  });
}
