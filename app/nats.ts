import { connectBroker } from '../broker-bridge/nats/connect.ts';
import type { Broker } from '../broker-bridge/nats/broker.ts';
import { loadConfig } from '../config/config.ts';
import { natsAccess, type NatsVariables } from '../config/nats.ts';
import type { Environment } from './temporal.ts';
import { AppError } from './app-error.ts';

const connectWithinMs = 5000;

/**
 * A user of NATS that the command line acts as: who sends events hears no facts, and the other way round; listeners are
 * steered by the administrator.
 */
export type ClientIdentity = 'producer' | 'outside-listener' | 'administrator';

/** A connection as this user, to the NATS that the environment names or that is given. */
export type AsUser = ({ readonly env: Environment } | { readonly nats: NatsVariables }) & {
  readonly identity: ClientIdentity;
  readonly note: (line: string) => void;
};

/** Connects to the NATS the environment names. Throws `AppError` when nothing answers there in time. */
export async function openBroker({ identity, note, ...where }: AsUser): Promise<Broker> {
  const access = natsAccess('env' in where ? loadConfig(where.env).nats : where.nats, identity);
  const tell = (_: object, message: string) => note(`${message}.`);
  const log = { debug: () => undefined, info: tell, warn: tell, error: tell };
  const late = new Promise<never>((_, reject) => {
    const message = `NATS at ${new URL(access.url).host} cannot be reached: start everything with "npm start".`;
    setTimeout(() => reject(new AppError('unreachable', message)), connectWithinMs).unref();
  });
  return Promise.race([connectBroker({ ...access, name: 'client', identity, log }), late]);
}

/** Connects for one piece of work, and closes the connection afterwards. */
export async function withBroker<T>(as: AsUser, work: (broker: Broker) => Promise<T>): Promise<T> {
  const broker = await openBroker(as);
  try {
    return await work(broker);
  } finally {
    await broker.close();
  }
}
