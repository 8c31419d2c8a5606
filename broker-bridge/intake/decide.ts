import type { EventKey, Known, KnownRow, NewRow } from './store/store.ts';
import { storableHeaders } from '../dead-letter/dead-letters.ts';
import {
  givenUpBefore,
  idUsedTwice,
  nameUsedTwice,
  rejected,
  requestUsedTwice,
  unreadBefore,
  type Envelope,
} from './envelope.ts';
import type { BadEvent, Fault, GoodEvent } from './read-event.ts';

/** The decision about a message of the queue: a good event, a bad one, or a repeat. */
export type Decision =
  | { readonly as: 'good'; readonly envelope: Envelope<GoodEvent>; readonly row: NewRow }
  | { readonly as: 'bad'; readonly envelope: Envelope<BadEvent>; readonly row: NewRow }
  /**
   * A repeat is neither recorded nor started. `acceptedCase` was waiting for this event, and is to be notified that it
   * was accepted.
   */
  | { readonly as: 'repeat'; readonly acceptedCase: string | null };

/**
 * Decides for a whole batch, as a pure function. Of two events with one id in the batch, the first is known to the
 * second.
 */
export function decideAll(batch: readonly Envelope[], known: readonly Known[]): readonly Decision[] {
  const bySequence = new Map(known.map((one) => [one.sequence, one]));
  const seen = new Map<string, KnownRow>();
  return batch.map((envelope) => {
    const { sequence, event, otherKey } = envelope;
    const found = bySequence.get(sequence) ?? notFound(sequence);
    const row = found.row ?? (event.identity && (seen.get(identityKey(event.identity)) ?? null));
    const otherRow = found.otherRow ?? seen.get(identityKey({ source: otherKey.source, id: otherKey.eventId })) ?? null;
    const decision = decide(envelope, { ...found, row, otherRow });
    if (decision.as === 'repeat') return decision;
    const { source, eventId, name, bodyHash, state, caseId, workflowId } = decision.row;
    const key = identityKey({ source, id: eventId });
    if (!seen.has(key))
      seen.set(key, { isItself: false, name, bodyHash, state, caseId, isReadable: workflowId !== null });
    return decision;
  });
}

const identityKey = ({ source, id }: NonNullable<Envelope['event']['identity']>): string => `${source}\n${id}`;

const notFound = (sequence: number): Known => ({
  sequence,
  row: null,
  otherRow: null,
  claimed: null,
  isUsed: false,
  outcome: null,
});

function decide(envelope: Envelope, known: Known): Decision {
  const { event } = envelope;
  const fault = known.row && faultBeside(known.row, event, known.isUsed);
  if (fault) return badBeside(envelope, known, fault);
  if (known.row && !known.row.isItself) return repeated(known.row, known);
  if (!event.ok) return bad({ ...envelope, event }, known);
  if (known.isUsed && !known.row) return bad(rejected(envelope, requestUsedTwice), known);
  const { subject, data: body } = envelope.message;
  const message = { subject, headers: storableHeaders(envelope.message.headers), body };
  const row = newRow(envelope, known, known.outcome === null ? { state: 'received', message } : { state: 'complete' });
  return { as: 'good', envelope: { ...envelope, event }, row };
}

/** The reason why an event is not the one that has its id; null when it is that one. */
function faultBeside(row: KnownRow, event: Envelope['event'], isUsed: boolean): Fault | null {
  if (row.isItself) return null;
  if (row.bodyHash !== event.bodyHash) return idUsedTwice;
  if (row.name !== event.name) return nameUsedTwice;
  if (row.caseId === null) return null;
  if (row.state === 'discarded') return givenUpBefore(row.caseId);
  const isUnread = row.state === 'dead-lettered' && !row.isReadable && !isUsed;
  return isUnread && event.ok ? unreadBefore(row.caseId) : null;
}

/** An event with the id of another gets an id of its own, which is the same when it is sent again. */
function badBeside(envelope: Envelope, known: Known, fault: Fault): Decision {
  const { otherRow } = known;
  const isFree = !otherRow || otherRow.isItself;
  if (otherRow && !isFree && otherRow.state !== 'discarded') return repeated(otherRow, known);
  return bad(rejected(envelope, fault), known, isFree ? envelope.otherKey : ownKey(envelope));
}

/** A row that is on its way for the same case notifies that case later by itself. */
function repeated({ state, caseId }: KnownRow, { claimed }: Known): Decision {
  const isOnItsWay = state === 'received' || state === 'deferred' || state === 'dead-lettered';
  const acceptedCase = claimed && !(isOnItsWay && caseId === claimed.caseId) ? claimed.caseId : null;
  return { as: 'repeat', acceptedCase };
}

const ownKey = ({ ownCase }: Envelope): EventKey => ({ source: 'unreadable', eventId: ownCase });

function bad(envelope: Envelope<BadEvent>, known: Known, key?: EventKey): Decision {
  const caseId = known.claimed?.caseId ?? envelope.ownCase;
  const row = newRow(envelope, known, { state: 'dead-lettered', caseId });
  return { as: 'bad', envelope, row: { ...row, ...key } };
}

function newRow(envelope: Envelope, known: Known, more: Pick<NewRow, 'state'> & Partial<NewRow>): NewRow {
  const { sequence, event } = envelope;
  const { identity } = event;
  return {
    ...(identity ? { source: identity.source, eventId: identity.id } : ownKey(envelope)),
    sequence,
    position: known.claimed?.position ?? null,
    name: event.name,
    mediatorClass: event.mediatorClass,
    waitsUntil: event.ok ? event.kind.waitsUntil : null,
    customerId: event.customerId,
    bodyHash: event.bodyHash,
    workflowId: event.ok ? event.start.workflowId : null,
    outcome: known.outcome,
    caseId: known.claimed?.caseId ?? null,
    message: null,
    ...more,
  };
}
