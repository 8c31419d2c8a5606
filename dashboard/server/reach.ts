import { Client, Connection } from '@temporalio/client';
import type { Broker } from '../../broker-bridge/nats/broker.ts';
import type { Log } from '../../broker-bridge/component.ts';
import { connectBroker } from '../../broker-bridge/nats/connect.ts';
import type { Config } from '../../config/config.ts';
import type { TemporalAddress } from '../../config/temporal.ts';
import { openDatabase, type Database } from '../../prisma/database.ts';
import type { DeskLog } from './log.ts';

/** Where everything is that the desk looks into. */
export interface ReachOptions {
  readonly config: Pick<Config, 'databaseUrl' | 'natsUrl' | 'natsCreds'>;
  readonly temporal: TemporalAddress;
  readonly log: DeskLog;
}

/** What the desk looks into. */
export interface Reach {
  readonly database: Database;
  readonly client: Client;
  /** Undefined while there is no connection yet. */
  broker(): Broker | undefined;
  close(): Promise<void>;
}

/** Waits for nobody: what is away is asked again when it is needed. */
export function openReach({ config, temporal, log }: ReachOptions): Reach {
  const database = openDatabase(config.databaseUrl, { poolSize: 8 });
  const connection = Connection.lazy(temporal.connectionOptions);
  let broker: Broker | undefined;
  let isClosed = false;
  const { natsUrl: url, natsCreds: creds } = config;
  const connecting = connectBroker({ url, creds, name: 'dashboard', log: quietly(log) });
  connecting.then(
    (connected) => {
      broker = connected;
      if (isClosed) void connected.close();
    },
    (error: unknown) => log.error({ error: String(error) }, 'NATS cannot be asked; the flow is shown without it'),
  );
  return {
    database,
    client: new Client({ connection, namespace: temporal.namespace }),
    broker: () => broker,
    async close() {
      isClosed = true;
      await broker?.close();
      await connection.close();
      await database.close();
    },
  };
}

/** The bridge tells more than the desk keeps. Called on the log itself: pino's functions need it. */
const quietly = (log: DeskLog): Log => ({
  debug: () => undefined,
  info: (details, message) => log.info(details, message),
  warn: (details, message) => log.warn(details, message),
  error: (details, message) => log.error(details, message),
});
