import type { Sources } from './orders.ts';
import { withDatabase } from './database.ts';
import { withTemporal, type Environment } from './temporal.ts';

/** Opens the mediator store and Temporal for one piece of work. */
export const withSources = <T>(env: Environment, work: (sources: Sources) => Promise<T>): Promise<T> =>
  withDatabase(env, (prisma) => withTemporal(env, 5000, (client) => work({ prisma, client })));
