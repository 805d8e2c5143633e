import { say } from "../progress.ts";
import { refuseUnsuitableMachine } from "./packages.ts";
import { removeAbandonedSites } from "./remove.ts";

/** `npx tsx lab/hosts/tidy.ts`: removes lab hosts whose run was killed; those of a run that lives stay. */
refuseUnsuitableMachine();
const count = await removeAbandonedSites();
say(count === 0 ? "No abandoned lab hosts." : `Removed ${count} abandoned site(s) of lab hosts.`);
