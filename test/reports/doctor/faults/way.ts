import { type Fault, fault } from "./fault.ts";

/** The way to the host and to its engine. */
export const wayFaults: readonly Fault[] = [
  fault("an old ssh here", "ssh here", "error", /OpenSSH 8\.4/, /install openssh-client/, {
    sshVersion: "8.4",
  }),
  fault("a script that was cut off", "facts", "error", /half-way/, /echo works/, { lines: ["end="] }),
  fault(
    "another engine than written",
    "engine",
    "error",
    /is Docker, and the configuration says podman/,
    /engine: docker/,
    {},
    { host: { engine: "podman" } },
  ),
  fault(
    "an old engine",
    "engine",
    "error",
    /Docker 19\.03\.15 with API 1\.40/,
    /apt-get install docker\.io/,
    { answers: { version: { Version: "19.03.15", ApiVersion: "1.40" } } },
  ),
  fault("an engine without root", "engine", "error", /without root/, /uninstall/, {
    info: { SecurityOptions: ["name=rootless"] },
  }),
  fault("mapped users", "engine", "error", /userns-remap/, /daemon\.json/, {
    info: { SecurityOptions: ["name=userns"] },
  }),
  fault(
    "an engine on the network",
    "engine",
    "error",
    /answers at http:\/\/0\.0\.0\.0:2375 too/,
    /without -H tcp/,
    { info: { Warnings: ["WARNING: API is accessible on http://0.0.0.0:2375 without encryption."] } },
  ),
  fault("no engine", "engine", "error", /there is none/, /sudo apt-get install docker\.io/, {
    silence: "docker: not found",
    lines: ["socket=absent", "command.path=", "command.answer="],
  }),
  fault(
    "an engine that was stopped",
    "engine",
    "error",
    /does not run/,
    /sudo systemctl enable --now docker/,
    { silence: "Cannot connect", lines: ["socket=absent"] },
  ),
  fault("no right to the engine", "engine", "error", /deploy may not use it/, /usermod -aG docker deploy/, {
    silence: "permission denied",
    lines: ["socket.writable="],
  }),
  fault(
    "an engine without its command",
    "engine",
    "error",
    /docker is not on the PATH/,
    /command -v docker/,
    { silence: "docker: not found", lines: ["command.path=", "command.answer="] },
  ),
  fault(
    "an engine that hangs",
    "engine",
    "error",
    /does not answer \(no answer within 20 s\)/,
    /systemctl restart docker/,
    { silence: "no answer within 20 s" },
  ),
  fault(
    "a command that is led elsewhere",
    "command",
    "error",
    /gets no answer.*tcp:\/\/10\.0\.0\.1/,
    /docker context use default/,
    { lines: ["command.answer=Cannot connect to the Docker daemon at tcp://10.0.0.1:2375."] },
  ),
  fault(
    "an engine whose command is not on the PATH",
    "command",
    "error",
    /not on the PATH/,
    /command -v docker/,
    { lines: ["command.path="] },
  ),
  fault(
    "few sessions a connection",
    "sshd",
    "error",
    /MaxSessions is 2/,
    /echo 'MaxSessions 10' \| sudo tee/,
    { lines: ["sshd.written=MaxSessions 2"] },
  ),
  fault("limits of sshd that nobody sees", "sshd", "unknown", /only root/, /sudo sshd -T/, {
    lines: ["sshd.readable="],
  }),
];
