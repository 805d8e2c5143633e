import { type EngineKind, engines } from "../../hosts/engines.ts";
import { line, quote } from "../../hosts/shell.ts";
import { type CountedSite, type Visits, visits, visitsCommand } from "./caddy/visits.ts";
import { noTrials, type Trial, type Trials, trials, tries, tryFunction } from "./trials.ts";
import { workers } from "./workers.ts";

/** A service as its engine and it itself have answered just now. */
export interface ServiceAnswer {
  /** Name of its container. */
  readonly container: string;
  /** In the engine's words: `running`, `exited`, `restarting`. */
  readonly state: string;
  /** How often the engine has started it again by itself since it was made. */
  readonly restarts: number;
  /** When it was last started; undefined where the engine does not say. */
  readonly startedAt: Date | undefined;
  /** The image that it was made of, as it was asked for; undefined where the engine does not say. */
  readonly image: string | undefined;
  /** Whether its own health command has succeeded just now; undefined where it does not run. */
  readonly isHealthy: boolean | undefined;
}

/** What a host's engine has said of the services that were asked for. */
export interface ServiceAnswers {
  /** Whether the engine has answered at all. */
  readonly isAnswered: boolean;
  /** Whether all could be asked in time. */
  readonly isWhole: boolean;
  /** By name of the container; what is not there is missing here, too. */
  readonly services: ReadonlyMap<string, ServiceAnswer>;
  /** What came of trying tenants, by name. One that nobody could try is missing. */
  readonly trials: ReadonlyMap<string, Trial>;
  /** What visitors of sites were answered, by name of the site's log. One that nobody could count is missing. */
  readonly visits: ReadonlyMap<string, Visits>;
}

/** A service's container, and what in it succeeds when it is well. */
export interface AskedService {
  readonly container: string;
  readonly health: readonly string[];
}

const format = `service={{.Name}} {{.State.Status}} {{.RestartCount}} {{json .State.StartedAt}} {{.Config.Image}}`;

/**
 * A script for `sh -s` that asks each service for its health by its own command, which its gate believes too: the engine's
 * word is as old as its last check, and under live-restore older. It changes nothing. A tenth of a second for each service,
 * a few at a time.
 *
 * @param tried `trialsOf()` tenants that are to be tried as well, a second for each: an OAuth2 client comes and goes, and
 *   Kratos keeps one sign-in that nobody goes on with. Default: none
 * @param counted sites whose visits are to be counted. Default: none
 */
export const servicesScript = (
  engine: EngineKind,
  services: readonly AskedService[],
  tried: Trials = noTrials,
  counted: readonly CountedSite[] = [],
) => `set -u
export LC_ALL=C
${engines[engine].prelude}ask() { # container, health command
  name=$1
  shift
  told=$(docker inspect --format ${quote(format)} "$name") || return
  printf '%s\\n' "$told"
  case $told in
  *" running "*) if docker exec "$name" "$@" >/dev/null; then echo "healthy=$name"; else echo "unhealthy=$name"; fi ;;
  esac
}
${tryFunction(tried)}
main() {
  docker version >/dev/null || exit 1
  echo answered=1
${sideBySide([
  ...services.map(({ container, health }) => line("ask", container, ...health)),
  ...tries(tried),
])}
  wait
${counted.length === 0 ? "" : `  ${visitsCommand(counted)}\n`}  echo end=1
}
main </dev/null 2>/dev/null
`;

/** The commands in shares, one for each worker. */
const sideBySide = (commands: readonly string[]) =>
  workers
    .map((worker) => commands.filter((_, index) => index % workers.length === worker))
    .map((share) => `  {\n${[...share, ":"].join("\n")}\n  } &`)
    .join("\n");

/** As the engine writes it in JSON; the year 1 is that of a container that has never run. */
function moment(text: string): Date | undefined {
  const time = new Date(text.replaceAll('"', ""));
  return time.getTime() > 0 ? time : undefined;
}

/** Reads what `servicesScript` has printed. */
export function serviceAnswers(printed: string): ServiceAnswers {
  const lines = printed.split("\n");
  const words = lines.flatMap((text) => {
    const [, kind, rest] = /^(service|healthy|unhealthy)=\/?(.+)$/.exec(text) ?? [];
    return kind === undefined || rest === undefined ? [] : [{ kind, words: rest.trim().split(" ") }];
  });
  const health = new Map(
    words.flatMap(({ kind, words: [name = ""] }) =>
      kind === "service" ? [] : [[name, kind === "healthy"] as const],
    ),
  );
  const services = words.flatMap(
    ({ kind, words: [container = "", state = "", restarts = "", started = "", image = ""] }) =>
      kind === "service"
        ? [
            [
              container,
              {
                container,
                state,
                restarts: Number(restarts) || 0,
                startedAt: moment(started),
                image: image === "" ? undefined : image,
                isHealthy: health.get(container),
              },
            ] as const,
          ]
        : [],
  );
  return {
    isAnswered: lines.includes("answered=1"),
    isWhole: lines.includes("end=1"),
    services: new Map(services),
    trials: trials(lines),
    visits: visits(lines),
  };
}
