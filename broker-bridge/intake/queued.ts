import { customerEventQueue } from '../../contracts/customer-events.ts';
import { caseIdOf, type ErroneousEvent } from '../../contracts/repair.ts';
import type { Message } from '../broker.ts';
import type { BadEvent, QueuedEvent } from './read-event.ts';

/** A message of the queue, read. */
export interface Queued<Event extends QueuedEvent = QueuedEvent> {
  readonly sequence: number;
  readonly message: Message;
  readonly event: Event;
  /** The case it would be handed over to, unless it was resubmitted from another. */
  readonly ownCase: string;
}

/** The queue's stream: one that was made anew is another. */
export const streamKey = (created: string): string => `${customerEventQueue.stream}@${created}`;

/** The case of a message at this place of the stream that was made then. */
export const caseAt = (streamCreated: string, streamSequence: number): string =>
  caseIdOf({ consumer: customerEventQueue.consumer, streamCreated, streamSequence });

/** The same message, bad for another reason. */
export const turnedBad = (
  { event, ...rest }: Queued,
  fault: Pick<BadEvent, 'reason' | 'message' | 'problems'>,
): Queued<BadEvent> => {
  const { identity, name, bodyHash, customerId, claimedCase } = event;
  return { ...rest, event: { ok: false, identity, name, bodyHash, customerId, claimedCase, ...fault } };
};

/** Two events under one id, or two requests under one request id, with different bodies. */
export const idUsedTwice = {
  reason: 'id-used-twice',
  message: 'The same id came before with another body.',
  problems: [],
} as const;

/** Temporal will never take it as it is. */
export const notTaken = {
  reason: 'not-taken',
  message: 'The mediator of this event could not be started with it.',
  problems: [],
} as const;

/** The message as it is handed over to a case. */
export const erroneousFrom = ({ sequence, message, event }: Queued<BadEvent>, caseId: string): ErroneousEvent => ({
  caseId,
  consumer: customerEventQueue.consumer,
  subject: keepable(message.subject),
  headers: keepableHeaders(message.headers),
  body: message.data,
  streamSequence: sequence,
  reason: event.reason,
  message: event.message,
  problems: event.problems,
  customerId: event.customerId,
});

/** Headers as PostgreSQL can keep them. */
export const keepableHeaders = (headers: Message['headers']): Message['headers'] =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [keepable(name), keepable(value)]));

/** PostgreSQL's text holds no NUL. */
export const keepable = (text: string): string => text.replaceAll('\u0000', '\uFFFD');
