import type { Launched } from '../launch/launched.ts';

/** What a running part needs to be watched over. */
export type RunningProcess = Pick<Launched, 'pid' | 'logFile' | 'exited' | 'stop' | 'kill'>;

/** One process of the system, and how it is started, the first time and again. */
export interface PartSpec {
  readonly name: string;
  /** Where it listens; null for workers. */
  readonly port: number | null;
  launch(): Promise<RunningProcess>;
}
