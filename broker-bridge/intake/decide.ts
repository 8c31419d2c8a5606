import type { EventKey, Known, KnownRow, NewRow } from './store/store.ts';
import { storable, storableHeaders, withoutCards } from '../dead-letter/dead-letters.ts';
import {
  givenUpBefore,
  idUsedTwice,
  nameUsedTwice,
  rejected,
  requestUsedTwice,
  unreadBefore,
  type Envelope,
} from './envelope.ts';
import type { EventFault } from '../../contracts/mediators/repair.ts';
import type { BadEvent } from './read-event.ts';

/**
 * The decision about a message of the queue: the row of a good or bad event, or none for a repeat. `acceptedCase` was
 * waiting for this event, which takes its place.
 */
export interface Decision {
  readonly row: NewRow | null;
  readonly acceptedCase: string | null;
}

/**
 * Decides for a whole batch, as a pure function. Of two events with one id in the batch, the first is known to the
 * second.
 */
export function decideAll(batch: readonly Envelope[], known: readonly Known[]): readonly Decision[] {
  const byPlace = new Map(known.map((one) => [one.place, one]));
  const seen = new Map<string, KnownRow>();
  return batch.map((envelope) => {
    const { ownCase, event, otherKey } = envelope;
    const found = byPlace.get(ownCase) ?? notFound(ownCase);
    const row = found.row ?? (event.identity && (seen.get(identityKey(event.identity)) ?? null));
    const otherRow = found.otherRow ?? seen.get(identityKey({ source: otherKey.source, id: otherKey.eventId })) ?? null;
    const decision = decide(envelope, { ...found, row, otherRow });
    if (!decision.row) return decision;
    const { source, eventId, name, bodyHash, state, caseId, workflowId } = decision.row;
    const key = identityKey({ source, id: eventId });
    if (!seen.has(key))
      seen.set(key, { isItself: false, name, bodyHash, state, caseId, isReadable: workflowId !== null });
    return decision;
  });
}

const identityKey = ({ source, id }: NonNullable<Envelope['event']['identity']>): string => `${source}\n${id}`;

const notFound = (place: string): Known => ({
  place,
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
  if (known.row) return repeated(known.row, known);
  if (!event.ok) return bad({ ...envelope, event }, known);
  if (known.isUsed) return bad(rejected(envelope, requestUsedTwice), known);
  const rest =
    known.outcome === null ? ({ state: 'received' } as const) : ({ state: 'complete', message: null } as const);
  return { row: newRow(envelope, known, rest), acceptedCase: known.claimed?.caseId ?? null };
}

/** The reason why an event is not the one that has its id; null when it is that one. */
function faultBeside(row: KnownRow, event: Envelope['event'], isUsed: boolean): EventFault | null {
  if (row.isItself) return null;
  if (row.bodyHash !== event.bodyHash) return idUsedTwice;
  if (row.name !== event.name) return nameUsedTwice;
  if (row.caseId === null) return null;
  if (row.state === 'discarded') return givenUpBefore(row.caseId);
  const isUnread = row.state === 'dead-lettered' && !row.isReadable && !isUsed;
  return isUnread && event.ok ? unreadBefore(row.caseId) : null;
}

/** An event with the id of another gets an id of its own, which is the same when it is sent again. */
function badBeside(envelope: Envelope, known: Known, fault: EventFault): Decision {
  const { otherRow } = known;
  const isFree = !otherRow || otherRow.isItself;
  if (otherRow && !isFree && otherRow.state !== 'discarded') return repeated(otherRow, known);
  return bad(rejected(envelope, fault), known, isFree ? envelope.otherKey : ownKey(envelope));
}

/** A row that is a dead letter of the same case does not end it. */
function repeated({ state, caseId }: KnownRow, { claimed }: Known): Decision {
  const isOwn = state === 'dead-lettered' && caseId === claimed?.caseId;
  return { row: null, acceptedCase: claimed && !isOwn ? claimed.caseId : null };
}

const ownKey = ({ ownCase }: Envelope): EventKey => ({ source: 'unreadable', eventId: ownCase });

function bad(envelope: Envelope<BadEvent>, known: Known, key?: EventKey): Decision {
  const caseId = known.claimed?.caseId ?? envelope.ownCase;
  const { reason, message: why, problems } = envelope.event;
  const fault = { reason, message: storable(why), problems };
  const message = { ...envelope.message, data: withoutCards(envelope.message.data) };
  const row = newRow({ ...envelope, message }, known, { state: 'dead-lettered', caseId, fault });
  return { row: { ...row, ...key }, acceptedCase: null };
}

function newRow(envelope: Envelope, known: Known, more: Pick<NewRow, 'state'> & Partial<NewRow>): NewRow {
  const { sequence, ownCase, event, message } = envelope;
  const { identity } = event;
  return {
    ...(identity ? { source: identity.source, eventId: identity.id } : ownKey(envelope)),
    sequence,
    place: ownCase,
    position: known.claimed?.position ?? null,
    name: event.name,
    mediatorClass: event.mediatorClass,
    waitsUntil: event.ok ? event.kind.waitsUntil : null,
    customerId: event.customerId,
    bodyHash: event.bodyHash,
    workflowId: event.ok ? event.workflowId : null,
    outcome: known.outcome,
    caseId: known.claimed?.caseId ?? null,
    fault: null,
    message: {
      subject: storable(message.subject),
      headers: storableHeaders(message.headers),
      body: message.data,
    },
    ...more,
  };
}
