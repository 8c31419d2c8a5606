import type { Launched } from '../../../stack/launch/process.ts';

/** A server of a rig. It can be killed and started again on the same ports and folder, as after a crash. */
export interface RigPart {
  readonly url: string;
  readonly ports: Readonly<Record<string, number>>;
  /** Of the process that runs now. */
  pid(): number;
  /** Ends it in order. */
  stop(): Promise<void>;
  /** Ends it by SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again after `stop` or `kill`. */
  start(): Promise<void>;
}

/** Starts a server, and again, by a function that takes the ports of the first time. */
export async function openPart(launch: (ports?: Launched['ports']) => Promise<Launched>): Promise<RigPart> {
  let current = await launch();
  const { url, ports } = current;
  return {
    url,
    ports,
    pid: () => current.pid,
    stop: () => current.stop(),
    kill: () => current.kill(),
    async start() {
      current = await launch(ports);
    },
  };
}
