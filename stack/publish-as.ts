import type { Broker, OutgoingMessage } from '../broker-bridge/nats/broker.ts';
import { connectBroker } from '../broker-bridge/nats/connect.ts';
import { loadConfig } from '../config/config.ts';
import { natsAccess } from '../config/nats.ts';

/** The way of a stand-in to the NATS of its environment. */
export interface Publisher {
  /** Resolves when NATS has the message on disk. Waits for a NATS that is away, and rejects when it lets us not in. */
  publish(message: OutgoingMessage): Promise<unknown>;
  /** What is not published by then is rejected. */
  close(): Promise<void>;
}

/**
 * Publishes as this user. It connects with the first message, because most who run a stand-in have none; after a
 * refusal, with the next one.
 */
export function publisherAs(name: string): Publisher {
  let connecting: Promise<Broker> | undefined;
  let end: () => void = ignore;
  const ended = new Promise<never>((_, reject) => (end = () => reject(new Error('The stand-in was told to end.'))));
  ended.catch(ignore);
  const connect = () => {
    connecting ??= connectBroker({ ...natsAccess(loadConfig(process.env).nats, name), name, log });
    connecting.catch(() => (connecting = undefined));
    return Promise.race([connecting, ended]);
  };
  return {
    publish: async (message) => (await connect()).publish(message),
    async close() {
      end();
      const broker = await Promise.race([connecting, ended]).catch(ignore);
      await broker?.close();
    },
  };
}

const ignore = (): undefined => undefined;
const warn = (_: object, message: string): void => console.error(message);
const log = { debug: ignore, info: ignore, warn, error: warn };
