import { NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { TemporalAddress } from '../config/temporal.ts';
import { openDatabase, type Database } from '../prisma/database.ts';

/** What the parts of one process share: connections cost memory on both ends. Each is opened when the first part asks for it. */
export interface Resources {
  database(): Database;
  temporal(): Promise<NativeConnection>;
  /** Closes what was opened, after the parts have ended. */
  close(): Promise<void>;
}

/** Opens nothing yet. */
export function shareResources(
  { databaseUrl }: Config,
  { connectionOptions }: TemporalAddress,
  log: Logger,
): Resources {
  let database: Database | undefined;
  let temporal: Promise<NativeConnection> | undefined;
  return {
    database: () => (database ??= warmed(openDatabase(databaseUrl, { poolSize: 20 }), log)),
    temporal: () =>
      (temporal ??= connect(connectionOptions).catch((error: unknown) => {
        temporal = undefined; // whoever asks the next time tries anew
        throw error;
      })),
    async close() {
      await (await temporal)?.close();
      await database?.close();
    },
  };
}

/** The first statement of a process takes most of a second: it is better spent before the first order comes. */
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
