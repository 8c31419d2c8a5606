import type { Client } from '@temporalio/client';
import type { Database } from '../prisma/database.ts';
import { withDatabase } from './database.ts';
import { withTemporal, type Environment } from './temporal.ts';

/** The mediator store and Temporal, from which a shop is read and asked. */
export interface Sources {
  readonly database: Pick<Database, 'run' | 'execute' | 'prisma'>;
  readonly client: Client;
}

/** Opens the mediator store and Temporal for one piece of work. */
export const withSources = <T>(env: Environment, work: (sources: Sources) => Promise<T>): Promise<T> =>
  withDatabase(env, (database) => withTemporal(env, 5000, (client) => work({ database, client })));
