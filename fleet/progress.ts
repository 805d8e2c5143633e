import type { GateName } from "./tenant/workload.ts";

/** What a tenant comes through in a run that makes, changes or closes it, in this order: gates, or the keeper's. */
export type StepName = "images" | GateName | "keeper" | "site";

/** What is there once a step is done. Every step has its words here, and nowhere else: a new one does not compile until it has. */
const stepWords: Readonly<Record<StepName, string>> = {
  images: "images on the host",
  migrate: "databases prepared",
  bootstrap: "Kratos and Hydra up",
  ready: "all services up and tried",
  keeper: "data kept, without services",
  site: "site in place",
};

/** A tenant that a run makes, changes or closes. */
export interface Changing {
  readonly tenant: string;
  readonly ring: string;
}

/** That a tenant has come through a step. */
export interface Passed {
  readonly tenant: string;
  readonly step: StepName;
  /** Which of its steps that is; the first is 1. */
  readonly number: number;
  /** How many steps it has in this run. The last ends its work. */
  readonly of: number;
}

/**
 * How far a run is with the tenants that it changes, and how long it still takes at its own pace: from its beginning to the
 * tenant that was done last, by how many were done. Tenants that change side by side are in that as they come.
 */
export class Progress {
  /** By tenant that is still to come, or under way: its ring. */
  private readonly open: Map<string, string>;
  private readonly began: Date;
  private done = 0;
  /** When the last tenant was done. */
  private lastDone: Date;

  /** @param changing all tenants that the run changes, each once */
  constructor(changing: readonly Changing[], began: Date) {
    this.open = new Map(changing.map(({ tenant, ring }) => [tenant, ring]));
    this.began = began;
    this.lastDone = began;
  }

  /**
   * Counts a step, and says where the run is:
   * `step 2 of 5, databases prepared; about 14 min left in all; to come besides acme: 3 in ring canary, 11 in all`. Nothing
   * is said of the time left while no tenant is done: there is no pace yet.
   */
  pass({ tenant, step, number, of }: Passed, ring: string, now: Date): string {
    if (number === of && this.open.delete(tenant)) {
      this.done++;
      this.lastDone = now;
    }
    const others = [...this.open].filter(([name]) => name !== tenant);
    const here = others.filter(([, one]) => one === ring);
    const left = this.secondsLeft(now);
    return [
      `step ${number} of ${of}, ${stepWords[step]}`,
      ...(left === undefined ? [] : [`${leftWords(left)} in all`]),
      `to come besides ${tenant}: ${count(here.length)} in ring ${ring}, ${count(others.length)} in all`,
    ].join("; ");
  }

  /** One that has not come through a step, and so does not in this run: neither done nor to come. */
  leave(tenant: string): void {
    this.open.delete(tenant);
  }

  /** Undefined while nobody knows, and when nothing is left. */
  private secondsLeft(now: Date): number | undefined {
    if (this.done === 0 || this.open.size === 0) return undefined;
    const pace = Math.max(0, secondsBetween(this.began, this.lastDone)) / this.done;
    // One that takes longer than those before it is not done the sooner for that.
    return Math.max(pace * this.open.size - Math.max(0, secondsBetween(this.lastDone, now)), pace);
  }
}

const secondsBetween = (from: Date, to: Date) => (to.getTime() - from.getTime()) / 1000;

const count = (tenants: number) => (tenants === 0 ? "none" : String(tenants));

/** `about 14 min left`. It is a guess, so nobody is given seconds. */
function leftWords(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) return "less than a minute left";
  if (minutes < 60) return `about ${minutes} min left`;
  const rest = minutes % 60;
  return `about ${Math.floor(minutes / 60)} h${rest === 0 ? "" : ` ${rest} min`} left`;
}
