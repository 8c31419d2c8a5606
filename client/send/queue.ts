import type { Broker } from '../../broker-bridge/nats/broker.ts';
import { ensureCustomerEventStream } from '../../broker-bridge/nats/our-streams.ts';
import type { Context } from '../context.ts';
import { openBroker } from '../../app/nats.ts';

/**
 * Connects to the NATS the environment names for one piece of work, makes the queue when it is not there yet, and closes the connection
 * afterwards. Throws `AppError` when nothing answers there.
 */
export async function withQueue<T>(
  { env, note }: Pick<Context, 'env' | 'note'>,
  work: (queue: Broker) => Promise<T>,
): Promise<T> {
  const broker = await openBroker(env, note);
  try {
    await ensureCustomerEventStream(broker);
    return await work(broker);
  } finally {
    await broker.close();
  }
}
