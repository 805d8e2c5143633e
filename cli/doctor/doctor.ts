import { problemLine } from "../../files/problem.ts";
import { judged } from "../../reports/doctor/doctor.ts";
import { type DoctorDocument, type HostDocument, verdictOf } from "../../reports/doctor/document.ts";
import { type Subject, subjectOf } from "../../reports/doctor/subject.ts";
import { problemsOf } from "../../reports/plan/document.ts";
import { command, exitCodes } from "../command.ts";
import { factsOf } from "./collect.ts";
import { doctorOptions, usage } from "./options.ts";
import { type ChosenStack, chosenStack } from "./stack.ts";
import { text } from "./text.ts";

/** Whether hosts are fit for the fleet, and what to do where they are not. */
export const doctor = command({
  summary: "checks hosts before they are used, with a remedy for each finding",
  usage,
  options: doctorOptions,
  run: async (options, terminal) => {
    const document = await doctorDocument(chosenStack(terminal.project, options));
    if (options.format === "json") terminal.out(`${JSON.stringify(document, null, 2)}\n`);
    else {
      terminal.out(text(document, terminal));
      for (const problem of document.problems) terminal.err(`${problemLine(problem)}\n`);
    }
    const isWrong = document.problems.length > 0 || document.hosts.some(({ verdict }) => verdict === "error");
    return isWrong ? exitCodes.problems : exitCodes.fine;
  },
});

async function doctorDocument({ name, side, hosts }: ChosenStack): Promise<DoctorDocument> {
  const planned = "planned" in side ? side.planned : undefined;
  return {
    version: 1,
    stack: name,
    problems: problemsOf(side),
    hosts:
      planned === undefined
        ? []
        : await Promise.all(hosts.map((host) => hostDocument(subjectOf(planned, host)))),
  };
}

async function hostDocument(subject: Subject): Promise<HostDocument> {
  const findings = judged(subject, await factsOf(subject));
  const { name: host, address } = subject.host;
  const role = subject.isEdge ? "edge" : "tenants";
  return { host, address, role, verdict: verdictOf(findings), findings };
}
