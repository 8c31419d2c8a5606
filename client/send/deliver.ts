import { setTimeout as sleep } from 'node:timers/promises';
import { sentenceOf } from '../../app/app-error.ts';
import { withBroker } from '../../app/nats.ts';
import { QueueFull, type Broker, type OutgoingMessage } from '../../broker-bridge/nats/broker.ts';
import { ensureCustomerEventStream } from '../../broker-bridge/nats/our-streams.ts';
import type { Context } from '../context.ts';

/** The queue's answer to one event. */
export type Delivered =
  | { readonly state: 'acknowledged' }
  | { readonly state: 'refused' | 'unanswered'; readonly reason: string; readonly isFinal: boolean };

/** The way to the queue, and the deadline. */
export interface Delivering {
  /** Resolves when the queue has the event for good; a repeat is the same event. */
  publish(message: OutgoingMessage): Promise<unknown>;
  readonly deadlineMs: number;
  readonly interrupted: AbortSignal;
}

const queueFullPauseMs = 250;

/**
 * Publishes one event, and repeats that while the queue is full or silent, until the deadline. Never rejects when the
 * queue fails.
 */
export async function deliver(message: OutgoingMessage, delivering: Delivering): Promise<Delivered> {
  const deadline = Date.now() + delivering.deadlineMs;
  for (;;) {
    const delivered = await publishOnce(message, delivering);
    const isOver = delivered.state === 'acknowledged' || delivered.isFinal;
    if (isOver || delivering.interrupted.aborted || Date.now() + queueFullPauseMs > deadline) return delivered;
    await sleep(queueFullPauseMs);
  }
}

async function publishOnce(message: OutgoingMessage, { publish }: Delivering): Promise<Delivered> {
  try {
    await publish(message);
    return { state: 'acknowledged' };
  } catch (error) {
    if (error instanceof QueueFull) {
      return { state: 'refused', reason: reasons[error.why], isFinal: error.why === 'too-large' };
    }
    return { state: 'unanswered', reason: `had no answer (${sentenceOf(error)})`, isFinal: false };
  }
}

const reasons = {
  full: 'was refused: the queue is full',
  'too-large': 'was refused: it is larger than the queue takes',
} as const;

/**
 * Connects to the NATS the environment names for one piece of work, makes the queue when it is not there yet, and
 * closes the connection afterwards. Throws an `AppError` when nothing answers there.
 */
export async function withQueue<T>(
  { env, note }: Pick<Context, 'env' | 'note'>,
  work: (queue: Broker) => Promise<T>,
): Promise<T> {
  return withBroker({ env, identity: 'producer', note }, async (broker) => {
    await ensureCustomerEventStream(broker);
    return work(broker);
  });
}
