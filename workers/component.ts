import type { Logger } from 'pino';
import type { RunningComponent } from '../broker-bridge/component.ts';
import type { Config } from '../config/config.ts';
import type { Resources } from './resources.ts';

/** What a part gets to start with. */
export interface ComponentContext {
  readonly config: Config;
  /** The Temporal namespace. */
  readonly namespace: string;
  readonly resources: Resources;
  readonly log: Logger;
}

/** Starts one part; resolves when it is at work. */
export type StartComponent = (context: ComponentContext) => Promise<RunningComponent>;
