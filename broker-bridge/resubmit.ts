import type { Broker, OutgoingMessage } from './broker.ts';
import { ensureCustomerEventStream, ensureListenerRetryStream } from './streams.ts';

/** Puts repaired messages back where they came from. */
export interface Resubmitter {
  /** Resolves when the stream has the message; two of one id are kept once. Rejects while NATS is away. */
  publish(message: OutgoingMessage): Promise<void>;
}

/** Makes the streams that messages are put back on when they are not there. */
export function createResubmitter(broker: Pick<Broker, 'ensureStream' | 'publish'>): Resubmitter {
  let ready: Promise<unknown> | undefined;
  const ensure = async (): Promise<void> => {
    ready ??= Promise.all([ensureCustomerEventStream(broker), ensureListenerRetryStream(broker)]);
    await ready;
  };
  return {
    async publish(message) {
      await ensure().catch((error: unknown) => {
        ready = undefined;
        throw error;
      });
      await broker.publish(message);
    },
  };
}
