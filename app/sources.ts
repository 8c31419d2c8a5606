import { withDatabase } from './database.ts';
import { withTemporal, type Environment } from './temporal.ts';
import type { Client } from '@temporalio/client';
import type { Database } from '../prisma/database.ts';

/** Opens the mediator store and Temporal for one piece of work. */
export const withSources = <T>(env: Environment, work: (sources: Sources) => Promise<T>): Promise<T> =>
  withDatabase(env, (prisma) => withTemporal(env, 5000, (client) => work({ prisma, client })));

/** Where an order is read from. */
export interface Sources {
  readonly prisma: Database['prisma'];
  readonly client: Client;
}
