import type { DriftDocument } from "../../reports/drift/document.ts";
import { chosenStack } from "../chosenStack.ts";
import { command, exitCodes } from "../command.ts";
import { look } from "./look.ts";
import { driftOptions, usage } from "./options.ts";
import { text } from "./text.ts";

const codes: Readonly<Record<DriftDocument["verdict"], number>> = {
  clean: exitCodes.fine,
  drift: exitCodes.problems,
  incomplete: exitCodes.unknown,
};

/** Whether hosts and DNS are still as the last `up` has left them. */
export const drift = command({
  summary: "what was changed by hand since the last up; for operators and every night",
  usage,
  options: driftOptions,
  run: async (options, terminal) => {
    const document = await look(terminal.project, chosenStack(terminal.project, options));
    terminal.out(
      options.format === "json" ? `${JSON.stringify(document, null, 2)}\n` : text(document, terminal),
    );
    return codes[document.verdict];
  },
});
