import type { Logger } from 'pino';
import type { RunningPart } from '../broker-bridge/running-part.ts';
import type { Config } from '../config/config.ts';
import type { TemporalAddress } from '../config/temporal.ts';

/** What a part gets to start with. */
export interface PartContext {
  readonly config: Config;
  readonly temporal: TemporalAddress;
  readonly log: Logger;
}

/** Starts one part; resolves when it is at work. */
export type StartPart = (context: PartContext) => Promise<RunningPart>;
