import { say } from "../progress.ts";
import { abandonedSites } from "./ledger.ts";
import { refuseUnsuitableMachine } from "./packages.ts";
import { removeSite } from "./remove.ts";

/** `npx tsx lab/hosts/tidy.ts`: removes lab hosts whose run was killed; those of a run that lives stay. */
refuseUnsuitableMachine();
const sites = await abandonedSites();
for (const site of sites) await removeSite(site);
say(
  sites.length === 0 ? "No abandoned lab hosts." : `Removed ${sites.length} abandoned site(s) of lab hosts.`,
);
