import type { EventKey, Known, KnownRow, NewRow } from './store/store.ts';
import { keepableHeaders } from '../dead-letter/storable.ts';
import { givenUpBefore, idUsedTwice, nameUsedTwice, turnedBad, type Queued } from './queued.ts';
import type { BadEvent, Fault, GoodEvent } from './read-event.ts';

/** What is to be done with a message of the queue, besides writing down where it stands. */
export type Decision =
  | { readonly as: 'good'; readonly queued: Queued<GoodEvent>; readonly row: NewRow }
  | { readonly as: 'bad'; readonly queued: Queued<BadEvent>; readonly row: NewRow }
  /** It has been here before: nothing is written, nothing started. `settles`: the case whose event it is, and that waits for word of it. */
  | { readonly as: 'repeat'; readonly settles: string | null };

/** Decides for a whole batch. Pure. Of two under one id in the same batch the first counts as known to the second. */
export function decideAll(batch: readonly Queued[], known: readonly Known[]): readonly Decision[] {
  const bySequence = new Map(known.map((one) => [one.sequence, one]));
  const seen = new Map<string, KnownRow>();
  return batch.map((queued) => {
    const { sequence, event, otherKey } = queued;
    const found = bySequence.get(sequence) ?? nothing(sequence);
    const row = found.row ?? (event.identity && (seen.get(keyOf(event.identity)) ?? null));
    const otherRow = found.otherRow ?? seen.get(keyOf({ source: otherKey.source, id: otherKey.eventId })) ?? null;
    const decision = decide(queued, { ...found, row, otherRow });
    if (decision.as === 'repeat') return decision;
    const { source, eventId, name, bodyHash, state, caseId } = decision.row;
    const key = keyOf({ source, id: eventId });
    if (!seen.has(key)) seen.set(key, { isItself: false, name, bodyHash, state, caseId });
    return decision;
  });
}

const keyOf = ({ source, id }: NonNullable<Queued['event']['identity']>): string => `${source}\n${id}`;

const nothing = (sequence: number): Known => ({
  sequence,
  row: null,
  otherRow: null,
  claimed: null,
  isTaken: false,
  outcome: null,
});

function decide(queued: Queued, known: Known): Decision {
  const { event } = queued;
  const fault = known.row && faultBeside(known.row, event);
  if (fault) return badBeside(queued, known, fault);
  if (known.row && !known.row.isItself) return repeated(known.row, known);
  if (!event.ok) return bad({ ...queued, event }, known);
  if (known.isTaken && !known.row) return bad(turnedBad(queued, idUsedTwice), known);
  const { subject, data: body } = queued.message;
  const message = { subject, headers: keepableHeaders(queued.message.headers), body };
  const row = rowOf(queued, known, known.outcome === null ? { state: 'received', message } : { state: 'complete' });
  return { as: 'good', queued: { ...queued, event }, row };
}

/** Why an event is not the one that has its id; null when it is. */
function faultBeside(row: KnownRow, event: Queued['event']): Fault | null {
  if (row.isItself) return null;
  if (row.bodyHash !== event.bodyHash) return idUsedTwice;
  if (row.name !== event.name) return nameUsedTwice;
  return row.state === 'discarded' && row.caseId !== null ? givenUpBefore : null;
}

/** What belongs to another event's id stands under an id of its own, which is the same when it is sent again. */
function badBeside(queued: Queued, known: Known, fault: Fault): Decision {
  const { otherRow } = known;
  const isFree = !otherRow || otherRow.isItself;
  if (otherRow && !isFree && otherRow.state !== 'discarded') return repeated(otherRow, known);
  return bad(turnedBad(queued, fault), known, isFree ? queued.otherKey : ownKey(queued));
}

/** The case hears of it by the row itself while that is still on its way. */
function repeated({ state, caseId }: KnownRow, { claimed }: Known): Decision {
  const isOnItsWay = state === 'received' || state === 'deferred' || state === 'dead-lettered';
  const settles = claimed && !(isOnItsWay && caseId === claimed.caseId) ? claimed.caseId : null;
  return { as: 'repeat', settles };
}

const ownKey = ({ ownCase }: Queued): EventKey => ({ source: 'unreadable', eventId: ownCase });

function bad(queued: Queued<BadEvent>, known: Known, key?: EventKey): Decision {
  const caseId = known.claimed?.caseId ?? queued.ownCase;
  const row = rowOf(queued, known, { state: 'dead-lettered', caseId });
  return { as: 'bad', queued, row: { ...row, ...key } };
}

function rowOf(queued: Queued, known: Known, more: Pick<NewRow, 'state'> & Partial<NewRow>): NewRow {
  const { sequence, event } = queued;
  const { identity } = event;
  return {
    ...(identity ? { source: identity.source, eventId: identity.id } : ownKey(queued)),
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
