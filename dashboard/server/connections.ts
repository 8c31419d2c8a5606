import { Client, Connection } from '@temporalio/client';
import type { Log } from '../../broker-bridge/component.ts';
import type { Broker } from '../../broker-bridge/nats/broker.ts';
import { connectBroker } from '../../broker-bridge/nats/connect.ts';
import type { Config } from '../../config/config.ts';
import { databaseUrlOf } from '../../config/database.ts';
import { withBroker } from '../../app/nats.ts';
import { natsAccess } from '../../config/nats.ts';
import { channelArgs, type TemporalAddress } from '../../config/temporal.ts';
import { openDatabase, type Database } from '../../prisma/database.ts';

/** The addresses of everything that the desk reads from. */
export interface ConnectionOptions {
  readonly config: Pick<Config, 'database' | 'nats'>;
  readonly temporal: TemporalAddress;
  readonly log: Log;
}

export type Connections = ReturnType<typeof openConnections>;

/** Opens the desk's connections without waiting for them: a service that is away is tried again when it is needed. */
export function openConnections({ config, temporal, log }: ConnectionOptions) {
  const database = openDatabase(databaseUrlOf(config.database, 'desk'), { poolSize: 8 });
  const connection = Connection.lazy({ ...temporal.connectionOptions, channelArgs });
  let broker: Broker | undefined;
  let isClosed = false;
  connectBroker({ ...natsAccess(config.nats, 'desk'), name: 'dashboard', identity: 'desk', log }).then(
    (connected) => {
      broker = connected;
      if (isClosed) void connected.close();
    },
    (error: unknown) => log.error({ error: String(error) }, 'NATS cannot be asked; the flow is shown without it'),
  );
  return {
    database,
    client: new Client({ connection, namespace: temporal.namespace }),
    /** Undefined while there is no connection yet. */
    broker: () => broker,
    /** Connects for one piece of work that only the administrator may do. */
    async asAdministrator<T>(work: (broker: Broker, database: Database) => Promise<T>): Promise<T> {
      const asOne = openDatabase(databaseUrlOf(config.database, 'administrator'), { poolSize: 2 });
      const as = { nats: config.nats, identity: 'administrator', note: (line: string) => log.warn({}, line) } as const;
      try {
        return await withBroker(as, (connected) => work(connected, asOne));
      } finally {
        await asOne.close();
      }
    },
    async close(): Promise<void> {
      isClosed = true;
      await broker?.close();
      await connection.close();
      await database.close();
    },
  };
}
