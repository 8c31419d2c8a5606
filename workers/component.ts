import type { Logger } from 'pino';
import type { RunningComponent } from '../broker-bridge/component.ts';
import type { Config } from '../config/config.ts';
import type { Resources } from './resources.ts';

/** Everything that a component needs to start. */
export interface ComponentContext {
  readonly config: Config;
  /** The Temporal namespace. */
  readonly namespace: string;
  readonly resources: Resources;
  readonly log: Logger;
}

/** Starts one component; resolves when it works. */
export type StartComponent = (context: ComponentContext) => Promise<RunningComponent>;

/** The same component, which closes what it used once it has ended. */
export function closing(component: RunningComponent, close: () => Promise<void>): RunningComponent {
  const closed = async () => {
    try {
      await component.stopped;
    } finally {
      await close();
    }
  };
  const stopped = closed();
  return {
    name: component.name,
    stopped,
    async stop() {
      await component.stop();
      await stopped;
    },
  };
}

/**
 * The same component with work beside it. The work is told to end as soon as the component has ended or is told to
 * stop.
 */
export function workingBeside(
  component: RunningComponent,
  work: (signal: AbortSignal) => Promise<void>,
): RunningComponent {
  const ending = new AbortController();
  const working = work(ending.signal);
  return {
    ...component,
    stopped: component.stopped.finally(() => ending.abort()),
    async stop() {
      ending.abort();
      await Promise.all([component.stop(), working]);
    },
  };
}
