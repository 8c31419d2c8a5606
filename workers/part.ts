import type { Logger } from 'pino';
import type { RunningPart } from '../broker-bridge/running-part.ts';
import type { Config } from '../config/config.ts';
import type { Resources } from './resources.ts';

/** What a part gets to start with. */
export interface PartContext {
  readonly config: Config;
  /** The Temporal namespace. */
  readonly namespace: string;
  readonly resources: Resources;
  readonly log: Logger;
}

/** Starts one part; resolves when it is at work. */
export type StartPart = (context: PartContext) => Promise<RunningPart>;
