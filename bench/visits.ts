import { setTimeout as sleep } from "node:timers/promises";
import { type Person, Refused } from "./person.ts";

/** What people and applications do at a tenant, again and again. */
export const kinds = ["sign-in", "token", "refresh", "keys"] as const;
export type Kind = (typeof kinds)[number];

/** What came of one kind of visits. */
export interface Visits {
  readonly asked: number;
  readonly failed: number;
  /**
   * Seconds that one who asks again at once has waited at most for a success: what an outage is to people, whether they see
   * an error or an answer that is late.
   */
  readonly longestWait: number;
  /** Why the first of those that failed did. */
  readonly firstFailure: string | undefined;
}

export type AllVisits = Readonly<Record<Kind, Visits>>;

/** Pause between visits of a kind, in milliseconds. Passwords and clients' secrets are hashed, a third of a second of a core. */
const pauses: Readonly<Record<Kind, number>> = { "sign-in": 500, token: 250, refresh: 100, keys: 50 };

/** Visits of every kind at one tenant, side by side, until they are told to stop. */
export class Visiting {
  private isDone = false;
  private readonly ended: Promise<AllVisits>;

  private constructor(person: Person, firstToken: string) {
    let token = firstToken;
    const refresh = async () => {
      try {
        token = await person.refresh(token);
      } catch (error) {
        // The answer with the next one was lost, or the family ended.
        if (error instanceof Refused && error.status === 400) token = await person.signIn();
        throw error;
      }
    };
    this.ended = this.all({
      "sign-in": async () => void (await person.signIn()),
      token: () => person.token(),
      refresh,
      keys: () => person.keys(),
    });
  }

  static async begin(person: Person): Promise<Visiting> {
    return new Visiting(person, await person.signIn());
  }

  /** What came of all visits since it was begun. */
  stop(): Promise<AllVisits> {
    this.isDone = true;
    return this.ended;
  }

  private async all(visits: Readonly<Record<Kind, () => Promise<void>>>): Promise<AllVisits> {
    const [signIn, token, refresh, keys] = await Promise.all(
      kinds.map((kind) => this.repeat(visits[kind], pauses[kind])),
    );
    if (!signIn || !token || !refresh || !keys) throw new Error("a kind of visits is missing");
    return { "sign-in": signIn, token, refresh, keys };
  }

  private async repeat(visit: () => Promise<void>, pauseMs: number): Promise<Visits> {
    let [asked, failed, longestWait] = [0, 0, 0];
    let firstFailure: string | undefined;
    let since: number | undefined;
    while (!this.isDone) {
      since ??= performance.now();
      asked++;
      try {
        await visit();
        longestWait = Math.max(longestWait, performance.now() - since);
        since = undefined;
      } catch (error) {
        failed++;
        firstFailure ??= error instanceof Error ? error.message : String(error);
      }
      await sleep(since === undefined ? pauseMs : 50);
    }
    if (since !== undefined) longestWait = Math.max(longestWait, performance.now() - since);
    return { asked, failed, longestWait: longestWait / 1000, firstFailure };
  }
}
