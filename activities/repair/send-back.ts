import { eventHeaders } from '../../contracts/customer-event-queue.ts';
import type { EventState } from '../../contracts/mediators/event-records.ts';
import type { CaseStep } from '../../contracts/mediators/repair-steps.ts';
import { hashOfBytes } from './cases.ts';
import type { RepairReturnStore, ResubmittedKey } from './returns.ts';
import type { CaseMessage, RepairStepStore } from './steps.ts';
import { listenerOf } from './case-message.ts';
import { historyOf } from './history.ts';
import { kept, noting } from './kept-case.ts';
import { resubmission, type ResubmittedMessage } from './outgoing.ts';

/** The streams that repaired messages go back to. Everything rejects while they are away. */
export interface WayBack {
  /** Resolves with its place when the stream has the message; two of one id are kept once. */
  publish(message: ResubmittedMessage): Promise<{ readonly streamSequence: number } | 'too-large'>;
  /** Whether the stream holds the case's message still, at the place it was given. */
  holds(message: ResubmittedMessage, streamSequence: number): Promise<boolean>;
  /** Takes the case's message off its stream again. */
  takeBack(message: ResubmittedMessage, streamSequence: number): Promise<void>;
}

/** What sending a message back stands on. */
export interface SendBackPorts {
  readonly store: RepairStepStore;
  readonly returns: RepairReturnStore;
  readonly wayBack: WayBack;
}

/** Sends the case's message back, when it is to be. */
export async function sendBack(ports: SendBackPorts, step: CaseStep): Promise<'sent' | 'too-large'> {
  const of = await kept(ports, step.caseId);
  return of.state === 'resubmitted' ? publish(ports, of, step) : 'sent';
}

/** Publishes the message of a case that is on its way back, and writes down that it did. */
export async function publish(
  { store, returns, wayBack }: SendBackPorts,
  of: CaseMessage,
  step: CaseStep,
): Promise<'sent' | 'too-large'> {
  const message = messageOf(of);
  const { id, subject, data } = message;
  const details = { id, subject, bodyHash: hashOfBytes(data) };
  const came = await wayBack.publish(message);
  if (came === 'too-large') {
    await returns.refused(tooLarge, noting(step, 'waiting', null, { ...details, fields: [tooLarge.field] }));
    return came;
  }
  await store.note(noting(step, 'resubmitted', null, { ...details, ...came }));
  return 'sent';
}

const tooLarge = {
  field: 'the message',
  message: 'is larger than its stream takes, with its headers and what was done to it',
};

/** Asks after a message that was sent back and of which there is no word. Says `overdue` when a person may act on the case from now on. */
export async function lookAfter(ports: SendBackPorts, step: CaseStep): Promise<'overdue' | 'settled'> {
  const of = await kept(ports, step.caseId);
  if (of.state !== 'resubmitted') return 'settled';
  const { returns } = ports;
  const message = messageOf(of);
  const key = keyOf(of, message);
  const row = key && (await returns.rowOf(key));
  const isOwn = row?.caseId === of.caseId;
  const isHeld = await isOnItsWay(ports, of.caseId, message);
  // Under the id of another case's: it was passed over as a repeat.
  if (key && row && wasTaken.has(row.state) && (isOwn || !isHeld)) {
    await returns.acceptAs(key, noting(step, 'accepted', null, { found: row.state }));
    return 'settled';
  }
  if (isOwn) return 'settled'; // recorded: it waits for its turn, or its mediator is about to hand it over again
  if (!isHeld && (await publish(ports, of, step)) === 'too-large') return 'settled';
  const noted = noting({ ...step, stepId: `${step.stepId}/overdue` }, 'overdue', null, { sentAgain: !isHeld });
  return (await returns.overdue(noted)) ? 'overdue' : 'settled';
}

/** A `discarded` one was given up together with another that asked for the same. */
const wasTaken: ReadonlySet<EventState> = new Set(['started', 'complete', 'repaired', 'discarded']);

/** Takes a message back before another one goes in its place. False when it was taken off its stream meanwhile. */
export async function takeBack(ports: SendBackPorts, of: CaseMessage): Promise<boolean> {
  const { returns, wayBack } = ports;
  const message = messageOf(of);
  const place = await returns.sentTo(of.caseId);
  if (place !== null) await wayBack.takeBack(message, place);
  const key = keyOf(of, message);
  return !key || (await returns.rowOf(key))?.caseId !== of.caseId;
}

const messageOf = (of: CaseMessage): ResubmittedMessage =>
  resubmission(of, of.proposal ?? new Uint8Array(), historyOf(of));

/** Facts have no row in the mediator store of events. */
const keyOf = ({ consumer }: CaseMessage, { headers }: ResubmittedMessage): ResubmittedKey | undefined =>
  listenerOf(consumer) === undefined
    ? { source: headers[eventHeaders.source] ?? '', eventId: headers[eventHeaders.id] ?? '' }
    : undefined;

async function isOnItsWay({ returns, wayBack }: SendBackPorts, caseId: string, message: ResubmittedMessage) {
  const place = await returns.sentTo(caseId);
  return place !== null && wayBack.holds(message, place);
}
