import { setTimeout as sleep } from 'node:timers/promises';
import { QueueFull, type OutgoingMessage } from '../../broker-bridge/nats/broker.ts';
import { sentenceOf } from '../../app/app-error.ts';

/** What the queue said to one event. */
export type Answer =
  | { readonly state: 'acknowledged' }
  | { readonly state: 'refused' | 'unanswered'; readonly reason: string; readonly isFinal: boolean };

/** How an event is brought to the queue. */
export interface Delivering {
  /** Resolves when the queue has the event for good; a repeat is the same event. */
  publish(message: OutgoingMessage): Promise<unknown>;
  readonly deadlineMs: number;
  readonly interrupted: AbortSignal;
}

const pauseMs = 250;

/** Publishes, again and again while the queue is full or silent, until the deadline. Never rejects for trouble of the queue. */
export async function deliver(message: OutgoingMessage, delivering: Delivering): Promise<Answer> {
  const deadline = Date.now() + delivering.deadlineMs;
  for (;;) {
    const answer = await attempt(message, delivering);
    const isOver = answer.state === 'acknowledged' || answer.isFinal;
    if (isOver || delivering.interrupted.aborted || Date.now() + pauseMs > deadline) return answer;
    await sleep(pauseMs);
  }
}

async function attempt(message: OutgoingMessage, { publish }: Delivering): Promise<Answer> {
  try {
    await publish(message);
    return { state: 'acknowledged' };
  } catch (error) {
    if (error instanceof QueueFull) {
      return { state: 'refused', reason: words[error.why], isFinal: error.why === 'too-large' };
    }
    return { state: 'unanswered', reason: `had no answer (${sentenceOf(error)})`, isFinal: false };
  }
}

const words = {
  full: 'was refused: the queue is full',
  'too-large': 'was refused: it is larger than the queue takes',
} as const;
