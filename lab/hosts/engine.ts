/** What runs the containers of a lab host. */
export interface HostEngine {
  /** `unix:///…` as this machine reaches it, for what a test wants to see; the fleet comes by SSH. */
  readonly address: string;
  /** Files of the host's that others of this machine take the place of, before its engine was ever started. */
  prepare(): Promise<void>;
  /** Starts it, as a boot does: containers with a restart policy come back. Returns when it answers. */
  start(): Promise<void>;
  /** Ends it as a shutdown does, and its containers with it. */
  stop(): Promise<void>;
  /** Kills the engine's own process alone. Its containers go on, as they do on a real host. */
  kill(): Promise<void>;
}

/** A machine on which nobody has installed an engine yet. */
export function noEngine(hostName: string): HostEngine {
  const refuse = async () => {
    throw new Error(`lab host ${hostName} has no engine`);
  };
  return {
    address: `unix:///no-engine-on-${hostName}`,
    prepare: async () => {},
    start: refuse,
    stop: async () => {},
    kill: refuse,
  };
}
