import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterEach, beforeEach } from "vitest";

const scripts = join(import.meta.dirname, "../../.github/scripts");

/** What a stand-in says to arguments that contain `to`, joined with spaces. */
export interface Answer {
  readonly to: string;
  /** Text as it is; anything else as JSON. */
  readonly says?: unknown;
  /** On stderr. */
  readonly complains?: string;
  readonly exit?: number;
}

export interface Call {
  readonly args: string;
  readonly input: string;
}

/**
 * A folder per test in which the scripts of the workflows run, with stand-ins for gh, pulumi and npm that note how
 * they were called.
 */
export class ScriptBox {
  path = "";

  constructor() {
    beforeEach(() => {
      this.path = mkdtempSync(join(tmpdir(), "workflow-scripts-"));
    });
    afterEach(() => rmSync(this.path, { recursive: true }));
  }

  write(file: string, text: string): void {
    const path = join(this.path, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  read(file: string): string {
    return readFileSync(join(this.path, file), "utf8");
  }

  has(file: string): boolean {
    return existsSync(join(this.path, file));
  }

  /** Puts a program on the PATH that gives the first fitting answer, and fails on what it does not know. */
  stub(program: string, answers: readonly Answer[]): void {
    const source = `#!${process.execPath}
const { appendFileSync, readFileSync } = require("node:fs");
const args = process.argv.slice(2).join(" ");
const input = process.argv.includes("-") ? readFileSync(0, "utf8") : "";
const call = JSON.stringify({ args, input });
appendFileSync(${JSON.stringify(join(this.path, `${program}.calls`))}, call + String.fromCharCode(10));
const answer = ${JSON.stringify(answers)}.find(({ to }) => args.includes(to));
if (!answer) { console.error("unexpected: " + args); process.exit(99); }
process.stdout.write(typeof answer.says === "string" ? answer.says : JSON.stringify(answer.says ?? ""));
if (answer.complains) console.error(answer.complains);
process.exitCode = answer.exit ?? 0;
`;
    this.write(`bin/${program}`, source);
    chmodSync(join(this.path, "bin", program), 0o755);
  }

  calls(program: string): Call[] {
    if (!this.has(`${program}.calls`)) return [];
    const lines = this.read(`${program}.calls`).trim().split("\n");
    return lines.map((line): Call => JSON.parse(line));
  }

  run(script: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
    const program = script.endsWith(".sh") ? "bash" : process.execPath;
    const { status, stdout, stderr } = spawnSync(program, [join(scripts, script), ...args], {
      cwd: this.path,
      encoding: "utf8",
      env: {
        PATH: `${join(this.path, "bin")}${delimiter}${process.env.PATH}`,
        GITHUB_OUTPUT: join(this.path, "output"),
        GITHUB_STEP_SUMMARY: join(this.path, "summary"),
        GITHUB_ENV: join(this.path, "env"),
        RUNNER_TEMP: this.path,
        ...env,
      },
    });
    return { status, stdout, stderr };
  }
}
