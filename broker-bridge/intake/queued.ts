import { createHash } from 'node:crypto';
import { customerEventQueue } from '../../contracts/customer-event-queue.ts';
import { caseIdOf, type DeadLetter } from '../../contracts/mediators/repair.ts';
import type { EventKey } from './store/store.ts';
import type { Message } from '../nats/broker.ts';
import type { BadEvent, Fault, QueuedEvent } from './read-event.ts';

/** A message of the queue, read. */
export interface Queued<Event extends QueuedEvent = QueuedEvent> {
  readonly sequence: number;
  readonly message: Message;
  readonly event: Event;
  /** The case it would be handed over to, unless it was resubmitted from another. */
  readonly ownCase: string;
  /** The identity of its row when another event has its id. The same when it is sent again. */
  readonly otherKey: EventKey;
}

/** A message that was read, at its place. */
export function queuedFrom<Event extends QueuedEvent>(of: Omit<Queued<Event>, 'otherKey'>): Queued<Event> {
  const { identity, name, bodyHash } = of.event;
  const all = identity && [identity.source, identity.id, name, bodyHash].join('\n');
  const eventId = all === null ? of.ownCase : createHash('sha256').update(all).digest('hex');
  return { ...of, otherKey: { source: 'unreadable', eventId } };
}

/** The queue's stream: one that was made anew is another. */
export const streamKey = (created: string): string => `${customerEventQueue.stream}@${created}`;

/** The case of a message at this place of the stream that was made then. */
export const caseAt = (streamCreated: string, streamSequence: number): string =>
  caseIdOf({ consumer: customerEventQueue.consumer, streamCreated, streamSequence });

/** The same message, bad for another reason. */
export const turnedBad = ({ event, ...rest }: Queued, fault: Fault): Queued<BadEvent> => {
  const { identity, name, mediatorClass, bodyHash, customerId, claimedCase } = event;
  return { ...rest, event: { ok: false, identity, name, mediatorClass, bodyHash, customerId, claimedCase, ...fault } };
};

/** The same message, known by nothing but its place: what PostgreSQL does not take of it stands in no row. */
export const strippedOf = (queued: Queued): Queued<BadEvent> => {
  const { bodyHash } = queued.event;
  const bare = { identity: null, name: '', mediatorClass: null, customerId: null, claimedCase: null, bodyHash };
  return queuedFrom({ ...queued, event: { ok: false, ...bare, ...notKept } });
};

/** Two events under one id, or two requests under one request id, with different bodies. */
export const idUsedTwice = {
  reason: 'id-used-twice',
  message: 'The same id came before with another body.',
  problems: [],
} as const;

/** The same id and body, under another name. */
export const nameUsedTwice = {
  reason: 'id-used-twice',
  message: 'The same id came before for an event of another name.',
  problems: [],
} as const;

/** What a person has discarded comes again: only a person knows whether it is meant. */
export const givenUpBefore = {
  reason: 'id-used-twice',
  message: 'The same event came before, and was discarded.',
  problems: [],
} as const;

const notKept = {
  reason: 'not-taken',
  message: 'The mediator store cannot keep what is in this event.',
  problems: [],
} as const;

/** Temporal will never take it as it is. */
export const notTaken = {
  reason: 'not-taken',
  message: 'The mediator of this event could not be started with it.',
  problems: [],
} as const;

/** The message as it is handed over to a case. */
export const erroneousFrom = ({ sequence, message, event }: Queued<BadEvent>, caseId: string): DeadLetter => ({
  caseId,
  consumer: customerEventQueue.consumer,
  subject: message.subject,
  headers: message.headers,
  body: message.data,
  streamSequence: sequence,
  reason: event.reason,
  message: event.message,
  problems: event.problems,
  customerId: event.customerId,
});
