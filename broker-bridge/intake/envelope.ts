import { createHash } from 'node:crypto';
import { customerEventQueue } from '../../contracts/customer-event-queue.ts';
import { caseIdOf, type EventFault } from '../../contracts/mediators/repair.ts';
import type { EventKey } from './store/store.ts';
import type { Message } from '../nats/broker.ts';
import type { BadEvent, ReadEvent } from './read-event.ts';

/** A message of the queue with its place and the event that was read from it. */
export interface Envelope<Event extends ReadEvent = ReadEvent> {
  readonly sequence: number;
  readonly message: Message;
  readonly event: Event;
  /** Its place in the queue: the case of its dead letter, unless it was resubmitted from another case. */
  readonly ownCase: string;
  /** The identity of its row when another event has its id. It is the same when the message is sent again. */
  readonly otherKey: EventKey;
}

/** Makes the envelope of a message that was read. */
export function envelopeOf<Event extends ReadEvent>(of: Omit<Envelope<Event>, 'otherKey'>): Envelope<Event> {
  const { identity, name, bodyHash } = of.event;
  const all = identity && [identity.source, identity.id, name, bodyHash].join('\n');
  const eventId = all === null ? of.ownCase : createHash('sha256').update(all).digest('hex');
  return { ...of, otherKey: { source: 'unreadable', eventId } };
}

/** The case of the message at this sequence of the stream that was made at this instant. */
export const caseAt = (streamCreated: string, streamSequence: number): string =>
  caseIdOf({ consumer: customerEventQueue.consumer, streamCreated, streamSequence });

/** The same message with a bad event, for the given reason. */
export const rejected = ({ event, ...rest }: Envelope, fault: EventFault): Envelope<BadEvent> => {
  const { identity, name, mediatorClass, bodyHash, customerId, claimedCase } = event;
  return { ...rest, event: { ok: false, identity, name, mediatorClass, bodyHash, customerId, claimedCase, ...fault } };
};

/** The same message, identified by its place only: its row holds nothing that PostgreSQL could refuse. */
export const sanitized = (envelope: Envelope): Envelope<BadEvent> => {
  const { bodyHash } = envelope.event;
  const bare = { identity: null, name: '', mediatorClass: null, customerId: null, claimedCase: null, bodyHash };
  return envelopeOf({ ...envelope, event: { ok: false, ...bare, ...notKept } });
};

const fault = (reason: EventFault['reason'], message: string): EventFault => ({ reason, message, problems: [] });

/** Two events have one id, with different bodies. */
export const idUsedTwice = fault('id-used-twice', 'The same id came before with another body.');

/** Two requests have one request id, with different bodies: another id of the event would not help. */
export const requestUsedTwice = fault(
  'id-used-twice',
  'Its request id came before with another body, in another event or order.',
);

/** Two events have one id and body, under different names. */
export const nameUsedTwice = fault('id-used-twice', 'The same id came before for an event of another name.');

/** A person has discarded the event before. Only a person knows if it is meant this time. */
export const givenUpBefore = (caseId: string): EventFault =>
  fault('id-used-twice', `The same event came before, and was discarded with the case ${caseId}.`);

/** The same event came before, with headers that could not be read. Its case is still open. */
export const unreadBefore = (caseId: string): EventFault =>
  fault(
    'id-used-twice',
    `The same event came before, and could not be read: this one can. Send it on, and discard the case ${caseId}.`,
  );

const notKept = fault('not-taken', 'The mediator store cannot keep what is in this event.');

/** Temporal will never start a workflow with this event. */
export const notTaken = fault('not-taken', 'The mediator of this event could not be started with it.');
