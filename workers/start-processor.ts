import { acknowledging } from '../activities/acknowledge.ts';
import type { Channel } from '../contracts/channels.ts';
import type { ProcessorName } from '../contracts/commands.ts';
import type { Config } from '../config/config.ts';
import { openDatabase, type Database } from '../prisma/database.ts';
import type { StartPart } from './part.ts';
import { runWorker } from './run-worker.ts';

/** A processor put together, and how what it holds is let go. */
interface Assembly {
  readonly processor: object;
  readonly release?: () => Promise<void> | void;
}

/** The start of one processor's worker: its own database pool, its processor, its channel. */
export const startProcessor =
  (name: ProcessorName, channel: Channel, assemble: (database: Database, config: Config) => Assembly): StartPart =>
  async (context) => {
    const database = openDatabase(context.config.databaseUrl);
    const { processor, release } = assemble(database, context.config);
    const releaseAll = async () => {
      await release?.();
      await database.close();
    };
    return runWorker({ name, channel, activities: acknowledging(processor), release: releaseAll }, context);
  };
