/** A server that runs in a process of its own, on loopback, with its state in a folder of its own. */
export interface Launched {
  readonly name: string;
  readonly pid: number;
  /** The ports it listens on, by what they are for. */
  readonly ports: Readonly<Record<string, number>>;
  /** Where its clients find it. */
  readonly url: string;
  /** Where what it prints goes. */
  readonly logFile: string;
  /** Resolves when the process has ended, with its exit code, or null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Ends it in order, by force when it takes too long. Safe to call again. */
  stop(): Promise<void>;
  /** Ends it by SIGKILL, as a crash would. The same folder and ports may be used again afterwards. */
  kill(): Promise<void>;
}
