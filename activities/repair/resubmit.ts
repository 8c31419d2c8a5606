import type { EventState } from '../../contracts/mediators/event-records.ts';
import type { CaseStep } from '../../contracts/mediators/repair-steps.ts';
import { audited, hashOfBytes } from './audit.ts';
import { readCase } from './case.ts';
import { listenerOf } from './corrections.ts';
import { eventKeyOf, messageToResubmit, type ResubmittedMessage } from './resubmission.ts';
import type { CaseMessage } from './statements.ts';
import type { RepairStore } from './store.ts';

/** The streams to which repaired messages go back. Every call rejects while they are away. */
export interface Resubmitter {
  /** Resolves with its place when the stream has the message; two of one id are kept once. */
  publish(message: ResubmittedMessage): Promise<{ readonly streamSequence: number } | 'too-large'>;
  /** True while the stream has the case's message at that place. */
  has(message: ResubmittedMessage, streamSequence: number): Promise<boolean>;
  /** Removes the case's message from its stream. Does nothing when it is not there. */
  withdraw(message: ResubmittedMessage, streamSequence: number): Promise<void>;
}

/** The ports of a resubmission. */
export interface ResubmitPorts {
  readonly store: RepairStore;
  readonly resubmitter: Resubmitter;
  /** Rings the bell of a customer: events may have waited for the case. */
  ring(customerId: string): Promise<void>;
}

/** Sends the case's message back to where it came from, unless its case is no longer resubmitted. */
export async function resubmitCase(ports: ResubmitPorts, step: CaseStep): Promise<'sent' | 'too-large'> {
  const of = await readCase(ports, step.caseId);
  return of.state === 'resubmitted' ? publish(ports, of, step) : 'sent';
}

/**
 * Publishes the message of a resubmitted case, and adds that to the trail. A message that is too large waits for a
 * person.
 */
export async function publish(
  { store, resubmitter }: ResubmitPorts,
  of: CaseMessage,
  step: CaseStep,
): Promise<'sent' | 'too-large'> {
  const message = messageToResubmit(of);
  const { id, subject, data } = message;
  const details = { id, subject, bodyHash: hashOfBytes(data) };
  const came = await resubmitter.publish(message);
  if (came === 'too-large') {
    await store.refused(tooLarge, audited(step, 'waiting', null, { ...details, fields: [tooLarge.field] }));
    return came;
  }
  await store.note(audited(step, 'resubmitted', null, { ...details, ...came }));
  return 'sent';
}

const tooLarge = {
  field: 'the message',
  message: 'is larger than its stream takes, with its headers and what was done to it',
};

/**
 * Checks a resubmitted message without a reported result. Accepts it when its consumer has it, sends it again when its
 * stream does not have it, and says `overdue` when a person may act on the case from now on.
 */
export async function checkResubmitted(ports: ResubmitPorts, step: CaseStep): Promise<'overdue' | 'settled'> {
  const of = await readCase(ports, step.caseId);
  if (of.state !== 'resubmitted') return 'settled';
  const { store } = ports;
  const message = messageToResubmit(of);
  const key = eventKeyOf(of, message);
  const event = key && (await store.eventOf(key));
  const isOwn = event?.caseId === of.caseId;
  const isInStream = await isOnItsWay(ports, of.caseId, message);
  // The row of another case under this id means that the message was passed over as a repeat.
  if (key && event && wasAccepted.has(event.state) && (isOwn || !isInStream)) {
    await store.acceptAs(key, audited(step, 'accepted', null, { found: event.state }));
    await ringFor(ports, of);
    return 'settled';
  }
  if (isOwn) return 'settled'; // it is about to be handed over again
  if (!isInStream && (await publish(ports, of, step)) === 'too-large') return 'settled';
  const entry = audited({ ...step, stepId: `${step.stepId}/overdue` }, 'overdue', null, { sentAgain: !isInStream });
  return (await store.overdue(entry)) ? 'overdue' : 'settled';
}

/** Rings for the customer of a case that has ended: later events wait for it no more. */
export async function ringFor(
  { ring }: Pick<ResubmitPorts, 'ring'>,
  { customerId, consumer }: CaseMessage,
): Promise<void> {
  if (customerId !== null && listenerOf(consumer) === undefined) await ring(customerId);
}

/** A `discarded` event was given up together with another that made the same request. */
const wasAccepted: ReadonlySet<EventState> = new Set(['received', 'started', 'complete', 'repaired', 'discarded']);

/** Withdraws a message before another one goes in its place. False when its consumer has it already. */
export async function withdraw({ store, resubmitter }: ResubmitPorts, of: CaseMessage): Promise<boolean> {
  const message = messageToResubmit(of);
  const place = await store.lastPlace(of.caseId);
  if (place !== null) await resubmitter.withdraw(message, place);
  const key = eventKeyOf(of, message);
  return !key || (await store.eventOf(key))?.caseId !== of.caseId;
}

async function isOnItsWay({ store, resubmitter }: ResubmitPorts, caseId: string, message: ResubmittedMessage) {
  const place = await store.lastPlace(caseId);
  return place !== null && resubmitter.has(message, place);
}
