import { fault } from "../files.ts";
import type { Rule } from "./rule.ts";

/** The secrets of mail servers that tenants of this stack use are what Kratos can read. */
export const mailServer: Rule = ({ config, tenants, entries, input }) => {
  const used = entries
    .filter(({ isHere }) => isHere)
    .map(({ written }) => written.mail ?? tenants.value?.defaults?.mail)
    .flatMap((mail) => (mail === undefined || mail === "none" ? [] : [`smtp-${mail.smtp}`]));
  return [...new Set(used)].flatMap((key) => {
    const what = input.secretFaults?.get(key);
    return what === undefined ? [] : [fault(config, [key], what)];
  });
};
