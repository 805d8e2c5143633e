import { get } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { dispositionOf, statusOf } from "../../fleet/tenant/state.ts";
import type { FleetOutputs } from "../stack/fleetStack.ts";

/** A tenant whose sign-in page does not answer as its state has it, and what came in its place. */
export interface Silent {
  readonly tenant: string;
  readonly url: string;
  readonly answer: string;
}

/** A Caddy that has just taken over a new configuration may refuse a connection. */
const tries = 10;

/** Asks each tenant for its sign-in page, as a browser on this machine would. */
export async function silentTenants({ fleet }: FleetOutputs, port: number): Promise<Silent[]> {
  const answers = await Promise.all(
    Object.entries(fleet).map(async ([tenant, { state, urls }]) => {
      const url = `${urls.login}/login`;
      const wanted = String(statusOf(dispositionOf(state).site));
      let answer = await ask(url, port);
      for (let left = tries; answer !== wanted && left > 0; left--) {
        await sleep(500);
        answer = await ask(url, port);
      }
      return { tenant, url, answer, wanted };
    }),
  );
  return answers.filter(({ answer, wanted }) => answer !== wanted);
}

/** Status, or the system's name of what went wrong. Names below localhost may not resolve, and nobody knows the demo's authority. */
function ask(url: string, port: number): Promise<string> {
  const { hostname, pathname } = new URL(url);
  return new Promise((resolve) => {
    const options = {
      host: "127.0.0.1",
      port,
      path: pathname,
      servername: hostname,
      headers: { host: `${hostname}:${port}` },
      rejectUnauthorized: false,
      timeout: 10_000,
    };
    const call = get(options, (response) => {
      response.resume();
      resolve(String(response.statusCode));
    });
    call.on("timeout", () => call.destroy(Object.assign(new Error(), { code: "ETIMEDOUT" })));
    call.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

export function silence(silent: readonly Silent[]): string {
  const lines = silent.map(({ tenant, url, answer }) => `  ${tenant}: ${url} answers ${answer}`);
  return `pulumi up has found nothing wrong, but not every tenant answers:\n${lines.join("\n")}\nSee what runs: docker ps --all`;
}
