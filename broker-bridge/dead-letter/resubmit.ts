import { customerEventQueue, eventHeaders } from '../../contracts/customer-event-queue.ts';
import { listenerRetries } from '../../contracts/mediators/repair.ts';
import { QueueFull, type Broker, type Message, type OutgoingMessage } from '../nats/broker.ts';
import { sendableHeaders } from '../nats/headers.ts';
import { ensureCustomerEventStream, ensureListenerRetryStream } from '../nats/our-streams.ts';

/** Puts repaired messages back where they came from. Everything rejects while NATS is away. */
export interface Resubmitter {
  /** Resolves with its place when the stream has the message; two of one id are kept once. */
  publish(message: OutgoingMessage): Promise<{ readonly streamSequence: number } | 'too-large'>;
  /** Whether the stream holds the case's message still, at the place it was given. */
  holds(message: Message, streamSequence: number): Promise<boolean>;
  /** Takes the case's message off its stream again. Does nothing when that does not hold it. */
  takeBack(message: Message, streamSequence: number): Promise<void>;
}

type Streams = Pick<Broker, 'ensureStream' | 'publish' | 'message' | 'remove'>;

/** Makes the streams that messages are put back on when they are not there, also when somebody has removed them. */
export function createResubmitter(broker: Streams): Resubmitter {
  let ready: Promise<unknown> | undefined;
  const ensure = async (): Promise<void> => {
    ready ??= Promise.all([ensureCustomerEventStream(broker), ensureListenerRetryStream(broker)]);
    await ready;
  };
  const anew = (error: unknown): never => {
    ready = undefined;
    throw error;
  };
  const holds = async (message: Message, streamSequence: number): Promise<boolean> => {
    const held = await broker.message(streamOf(message), streamSequence);
    return held !== null && held.headers[eventHeaders.caseId] === message.headers[eventHeaders.caseId];
  };
  return {
    async publish(message) {
      try {
        await ensure();
        return await broker.publish({ ...message, headers: sendableHeaders(message.headers) });
      } catch (error) {
        if (error instanceof QueueFull && error.why === 'too-large') return 'too-large';
        return anew(error);
      }
    },
    holds,
    async takeBack(message, streamSequence) {
      if (await holds(message, streamSequence)) await broker.remove(streamOf(message), streamSequence);
    },
  };
}

/** An initiating event goes back to the queue, a fact to its listener alone. */
const streamOf = ({ subject }: Message): string =>
  subject.startsWith('listener.') ? listenerRetries.stream : customerEventQueue.stream;
