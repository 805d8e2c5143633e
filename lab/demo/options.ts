import { parseArgs } from "node:util";
import { LabError } from "../progress.ts";

export interface DemoOptions {
  readonly action: "up" | "down";
  readonly httpPort: number;
  readonly httpsPort: number;
  /** `auto` takes the release's own images when their registries answer, else the lab's. */
  readonly images: "auto" | "lab" | "release";
}

export const usage = `npm run demo                      bring two tenants up on this machine
npm run demo -- down              remove everything but the cache

  --https-port 8443               another port for HTTPS (then HTTP is on 8080)
  --http-port 8080                another port for HTTP
  --images auto|lab|release       stand-ins built here, or the images of releases.yaml (default: auto)`;

function port(option: string, value: string | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= 65_535) return number;
  throw new LabError(`--${option} ${value}: is not a port. Write a number from 1 to 65535.`);
}

export function demoOptions(args: readonly string[]): DemoOptions {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    throw new LabError(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
  const { values, positionals } = parsed;
  const [action = "up", ...more] = positionals;
  if (values.help || more.length > 0 || (action !== "up" && action !== "down")) throw new LabError(usage);
  const httpsPort = port("https-port", values["https-port"], 443);
  const images = values.images ?? "auto";
  if (images !== "auto" && images !== "lab" && images !== "release") {
    throw new LabError(`--images ${images}: is not known. Write auto, lab or release.`);
  }
  return {
    action,
    httpsPort,
    httpPort: port("http-port", values["http-port"], httpsPort === 443 ? 80 : 8080),
    images,
  };
}

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      "https-port": { type: "string" },
      "http-port": { type: "string" },
      images: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
