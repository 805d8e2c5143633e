import { connect } from "node:net";
import { execa } from "execa";
import { caddyContainer } from "../../backends/docker/names.ts";
import { LabError } from "../progress.ts";

/** Whether something on this machine answers on a port. Connecting needs no rights, binding below 1024 would. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", timeout: 2000 });
    const done = (busy: boolean) => {
      socket.destroy();
      resolve(busy);
    };
    socket.once("connect", () => done(true));
    socket.once("timeout", () => done(false));
    socket.once("error", () => done(false));
  });
}

async function isOurCaddyRunning(dockerHost: string): Promise<boolean> {
  const { stdout } = await execa(
    "docker",
    ["ps", "--quiet", "--filter", `name=^${caddyContainer}$`, "--filter", "status=running"],
    { env: { DOCKER_HOST: dockerHost }, reject: false },
  );
  return stdout.trim() !== "";
}

/** Refuses to start when another program already has the ports that Caddy will listen on. */
export async function checkPorts(ports: readonly number[], dockerHost: string): Promise<void> {
  if (await isOurCaddyRunning(dockerHost)) return;
  const busy: number[] = [];
  for (const port of ports) if (await answers(port)) busy.push(port);
  if (busy.length === 0) return;
  throw new LabError(
    `Port ${busy.join(" and port ")} of this machine ${busy.length === 1 ? "is" : "are"} taken by another program. ` +
      `Stop it (to find it: ss -ltnp), or choose others: npm run demo -- --https-port 8443 --http-port 8080`,
  );
}
