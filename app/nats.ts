import { connectBroker } from '../broker-bridge/nats/connect.ts';
import type { Broker } from '../broker-bridge/nats/broker.ts';
import { loadConfig } from '../config/config.ts';
import type { Environment } from './temporal.ts';
import { AppError } from './app-error.ts';

const connectWithinMs = 5000;

/** Connects to the NATS the environment names. Throws `AppError` when nothing answers there in time. */
export async function openBroker(env: Environment, note: (line: string) => void): Promise<Broker> {
  const { natsUrl, natsCreds } = loadConfig(env);
  const tell = (_: object, message: string) => note(`${message}.`);
  const log = { debug: () => undefined, info: tell, warn: tell, error: tell };
  const late = new Promise<never>((_, reject) => {
    const message = `NATS at ${new URL(natsUrl).host} cannot be reached: start everything with "npm start".`;
    setTimeout(() => reject(new AppError('unreachable', message)), connectWithinMs).unref();
  });
  return Promise.race([connectBroker({ url: natsUrl, creds: natsCreds, name: 'client', log }), late]);
}

/** Connects for one piece of work, and closes the connection afterwards. */
export async function withBroker<T>(
  env: Environment,
  note: (line: string) => void,
  work: (broker: Broker) => Promise<T>,
): Promise<T> {
  const broker = await openBroker(env, note);
  try {
    return await work(broker);
  } finally {
    await broker.close();
  }
}
