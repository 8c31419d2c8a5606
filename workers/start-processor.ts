import { acknowledging } from '../activities/kit/acknowledge.ts';
import type { Channel } from '../contracts/channels.ts';
import type { Config } from '../config/config.ts';
import type { Database } from '../prisma/database.ts';
import type { StartComponent } from './component.ts';
import { runWorker } from './run-worker.ts';
import type { ProcessorName } from '../contracts/command-routes.ts';

/** A processor put together, and how what it holds is let go. */
interface Assembly {
  readonly processor: object;
  readonly release?: () => Promise<void> | void;
}

/** The start of one processor's worker. */
export const startProcessor =
  (name: ProcessorName, channel: Channel, assemble: (database: Database, config: Config) => Assembly): StartComponent =>
  async (context) => {
    const { processor, release } = assemble(context.resources.database(), context.config);
    return runWorker({ name, channel, activities: acknowledging(processor), release }, context);
  };
