import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { EventRegistry } from '../broker-bridge/intake/read-event.ts';
import type { Config } from '../config/config.ts';
import { databaseUrlOf } from '../config/database.ts';
import { loadOrderPolicy } from '../config/order-policy.ts';
import { loadReturnPolicy } from '../config/return-policy.ts';
import type { TemporalAddress } from '../config/temporal.ts';
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
  temporal(): Promise<NativeConnection>;
  /** A client on that connection. */
  client(): Promise<Client>;
  /** Closes the open connections, after the components have ended. */
  close(): Promise<void>;
}

/** Opens no connection yet. */
export function shareResources(
  config: Config,
  { connectionOptions, namespace }: TemporalAddress,
  log: Logger,
): Resources {
  const databases = new Map<string, Database>();
  let temporal: Promise<NativeConnection> | undefined;
  const connection = () =>
    (temporal ??= connect(connectionOptions).catch((error: unknown) => {
      temporal = undefined; // the next one who asks connects anew
      throw error;
    }));
  return {
    database(role) {
      const url = databaseUrlOf(config.database, role);
      const database = databases.get(url) ?? warmed(openDatabase(url, { poolSize: 20 }), log);
      databases.set(url, database);
      return database;
    },
    temporal: connection,
    client: async () => new Client({ connection: await connection(), namespace }),
    async close() {
      await (await temporal)?.close();
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

async function connect(options: TemporalAddress['connectionOptions']): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect(options);
  } catch (error) {
    const sentence = `Temporal at ${options.address} cannot be reached: start it (npm start), or set TEMPORAL_ADDRESS.`;
    throw new Error(sentence, { cause: error });
  }
}

/**
 * The initiating events, with the policies that this environment names. Throws a sentence when a policy cannot be read.
 */
export const eventRegistry = (env: NodeJS.ProcessEnv): EventRegistry => ({
  catalogue: initiatingEvents,
  schemas: eventSchemas,
  policies: { order: loadOrderPolicy(env), return: loadReturnPolicy(env) },
});
