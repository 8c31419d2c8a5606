import { Client, Connection } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { EventRegistry } from '../broker-bridge/intake/read-event.ts';
import type { Config } from '../config/config.ts';
import { databaseUrlOf } from '../config/database.ts';
import { loadOrderPolicy } from '../config/order-policy.ts';
import { loadReturnPolicy } from '../config/return-policy.ts';
import { channelArgs, type TemporalAddress } from '../config/temporal.ts';
import { initiatingEvents } from '../contracts/initiating-events.ts';
import { eventSchemas } from '../contracts/schemas/initiating-events.ts';
import { openDatabase, type Database } from '../prisma/database.ts';

/**
 * The components of one process share connections, which cost memory on both ends. Each connection is opened when the
 * first component asks for it.
 */
export interface Resources {
  /** The database, as this role; roles with one login share its connections. */
  database(role: string): Database;
  /** For Temporal's workers. */
  temporal(): Promise<NativeConnection>;
  /** A client: on the connection of the workers, where the process runs any. */
  client(): Promise<Client>;
  /** Closes the open connections, after the components have ended. */
  close(): Promise<void>;
}

export interface Sharing {
  readonly config: Config;
  readonly temporal: TemporalAddress;
  /** True for a process in which Temporal's workers run. */
  readonly runsWorkers: boolean;
  readonly log: Logger;
}

/** Opens no connection yet. */
export function shareResources({ config, temporal, runsWorkers, log }: Sharing): Resources {
  const { connectionOptions, namespace } = temporal;
  const databases = new Map<string, Database>();
  const forWorkers = opened(connectionOptions, async () =>
    (await import('./connect-workers.ts')).connectWorkers(connectionOptions, log),
  );
  const forClient = opened(connectionOptions, () => Connection.connect({ ...connectionOptions, channelArgs }));
  return {
    database(role) {
      const url = databaseUrlOf(config.database, role);
      const database = databases.get(url) ?? warmed(openDatabase(url, { poolSize: 20 }), log);
      databases.set(url, database);
      return database;
    },
    temporal: forWorkers.get,
    client: async () => {
      const connection = runsWorkers ? await forWorkers.get() : await forClient.get();
      return new Client({ connection, namespace });
    },
    async close() {
      await Promise.all([forWorkers.close(), forClient.close()]);
      await Promise.all([...databases.values()].map((database) => database.close()));
    },
  };
}

/** The first statement of a process takes most of a second: that time is better spent before the first order comes. */
function warmed(database: Database, log: Logger): Database {
  database.prisma.$queryRaw`SELECT 1`.catch((error: unknown) => {
    log.warn({ error: String(error) }, 'PostgreSQL does not answer; commands are retried until it does');
  });
  return database;
}

/** A connection to Temporal that is opened when it is first asked for, and once more after that failed. */
function opened<Connected extends { close(): Promise<void> }>(
  { address }: TemporalAddress['connectionOptions'],
  connect: () => Promise<Connected>,
) {
  let connection: Promise<Connected> | undefined;
  const get = () =>
    (connection ??= connect().catch((cause: unknown) => {
      connection = undefined;
      const sentence = `Temporal at ${address} cannot be reached: start it (npm start), or set TEMPORAL_ADDRESS.`;
      throw new Error(sentence, { cause });
    }));
  return { get, close: async () => (await connection)?.close() };
}

/**
 * The initiating events, with the policies that this environment names. Throws a sentence when a policy cannot be read.
 */
export const eventRegistry = (env: NodeJS.ProcessEnv): EventRegistry => ({
  catalogue: initiatingEvents,
  schemas: eventSchemas,
  policies: { order: loadOrderPolicy(env), return: loadReturnPolicy(env) },
});
