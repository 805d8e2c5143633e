import type { Inside } from "../workload.ts";
import { runModule, scriptOf, withoutComments } from "./javaScript.ts";

/** How long what is signed with a key is good: Hydra's ID tokens and access tokens live an hour, and clocks differ. */
export const tokenSeconds = 65 * 60;

export interface KeyRotation {
  /** From a new key to the end of the old ones. Less than `tokenSeconds` ends tokens that are still good. */
  readonly waitSeconds: number;
  /** Whether to begin one where none has begun. */
  readonly mayBegin: boolean;
}

/** Takes the next step of a rotation of the keys that a tenant's Hydra signs with; prints a line of JSON. */
export const rotateKeys = (rotation: KeyRotation): Inside => ({
  in: "athena",
  command: [
    ...runModule('export ROTATION="$2"; '),
    withoutComments(scriptOf("rotateKeys")),
    JSON.stringify(rotation),
  ],
});
