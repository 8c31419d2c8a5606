import { customerEventQueue, eventHeaders } from '../../contracts/customer-event-queue.ts';
import { listenerRetries } from '../../contracts/mediators/repair.ts';
import { isDeliverySubject, supplierDeliveries } from '../../contracts/outside/supplier-deliveries.ts';
import { QueueFull, type Broker, type Message, type OutgoingMessage } from '../nats/broker.ts';
import { sendableHeaders } from '../nats/headers.ts';
import { ensureCustomerEventStream, ensureDeliveryStream, ensureListenerRetryStream } from '../nats/our-streams.ts';

type Streams = Pick<Broker, 'ensureStream' | 'publish' | 'message' | 'remove'>;

/**
 * Sends repaired messages back to the streams that they came from. It makes a stream that is not there. Every call
 * rejects while NATS is away.
 */
export function createResubmitter(broker: Streams) {
  let ready: Promise<unknown> | undefined;
  const ensure = async (): Promise<void> => {
    ready ??= Promise.all(
      [ensureCustomerEventStream, ensureListenerRetryStream, ensureDeliveryStream].map((one) => one(broker)),
    );
    await ready;
  };
  const anew = (error: unknown): never => {
    ready = undefined;
    throw error;
  };
  /** True while the stream has the case's message at the sequence that it was given. */
  const has = async (message: Message, streamSequence: number): Promise<boolean> => {
    const found = await broker.message(streamOf(message), streamSequence);
    return found !== null && found.headers[eventHeaders.caseId] === message.headers[eventHeaders.caseId];
  };
  return {
    /** Resolves with the message's sequence when the stream has it. Of two messages with one id, one is kept. */
    async publish(message: OutgoingMessage): Promise<{ readonly streamSequence: number } | 'too-large'> {
      try {
        await ensure();
        return await broker.publish({ ...message, headers: sendableHeaders(message.headers) });
      } catch (error) {
        if (error instanceof QueueFull && error.why === 'too-large') return 'too-large';
        return anew(error);
      }
    },
    has,
    /** Removes the case's message from its stream. Does nothing when the stream does not have it. */
    async withdraw(message: Message, streamSequence: number): Promise<void> {
      if (await has(message, streamSequence)) await broker.remove(streamOf(message), streamSequence);
    },
  };
}

/** An initiating event goes back to the queue, a fact to its one listener, a delivery to the deliveries. */
function streamOf({ subject }: Message): string {
  if (isDeliverySubject(subject)) return supplierDeliveries.stream;
  return subject.startsWith('listener.') ? listenerRetries.stream : customerEventQueue.stream;
}
