import type { CountedProcess } from '../kit/processes.ts';

/** A Temporal server that was started for one run. */
export interface Server {
  readonly address: string;
  /** It and its database. */
  readonly processes: readonly CountedProcess[];
  stop(): Promise<void>;
}
