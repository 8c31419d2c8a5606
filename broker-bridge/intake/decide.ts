import type { Known, NewRow } from '../../prisma/stores/customer-events/store.ts';
import { idUsedTwice, keepableHeaders, turnedBad, type Queued } from './queued.ts';
import type { BadEvent, GoodEvent } from './read-event.ts';

/** What is to be done with a message of the queue, besides writing down where it stands. */
export type Decision =
  | { readonly as: 'good'; readonly queued: Queued<GoodEvent>; readonly row: NewRow }
  | { readonly as: 'bad'; readonly queued: Queued<BadEvent>; readonly row: NewRow; readonly isReturned: boolean }
  /** It has been here before: nothing is written, nothing started. */
  | { readonly as: 'repeat' };

/** Decides for a whole batch. Pure. Of two under one id in the same batch the first counts as known to the second. */
export function decideAll(batch: readonly Queued[], known: readonly Known[]): readonly Decision[] {
  const bySequence = new Map(known.map((one) => [one.sequence, one]));
  const seen = new Map<string, { readonly streamSequence: number; readonly bodyHash: string }>();
  return batch.map((queued) => {
    const { sequence, event } = queued;
    const identity = event.identity && `${event.identity.source}\n${event.identity.id}`;
    const found = bySequence.get(sequence) ?? nothing(sequence);
    const twin = identity === null ? undefined : seen.get(identity);
    const decision = decide(queued, twin && !found.row ? { ...found, row: twin } : found);
    if (identity !== null && !twin) seen.set(identity, { streamSequence: sequence, bodyHash: event.bodyHash });
    return decision;
  });
}

const nothing = (sequence: number): Known => ({ sequence, row: null, claimed: null, isTaken: false, outcome: null });

function decide(queued: Queued, known: Known): Decision {
  const { sequence, event } = queued;
  const isItself = known.row?.streamSequence === sequence;
  if (known.row && !isItself && known.row.bodyHash === event.bodyHash) return { as: 'repeat' };
  if (known.row && !isItself) return bad(turnedBad(queued, idUsedTwice), known, 'unreadable');
  if (!event.ok) return bad({ ...queued, event }, known);
  if (known.isTaken && !isItself) return bad(turnedBad(queued, idUsedTwice), known);
  const { subject, data: body } = queued.message;
  const message = { subject, headers: keepableHeaders(queued.message.headers), body };
  const row = rowOf(queued, known, known.outcome === null ? { state: 'received', message } : { state: 'complete' });
  return { as: 'good', queued: { ...queued, event }, row };
}

function bad(queued: Queued<BadEvent>, known: Known, as?: 'unreadable'): Decision {
  const caseId = known.claimed?.caseId ?? queued.ownCase;
  const row = rowOf(queued, known, { state: 'erroneous', caseId });
  // A second body under one id has no id of its own to stand under.
  const key = as || !queued.event.identity ? { source: 'unreadable', eventId: queued.ownCase } : {};
  return { as: 'bad', queued, row: { ...row, ...key }, isReturned: known.claimed !== null };
}

function rowOf(
  { sequence, event, ownCase }: Queued,
  known: Known,
  more: Pick<NewRow, 'state'> & Partial<NewRow>,
): NewRow {
  return {
    source: event.identity?.source ?? 'unreadable',
    eventId: event.identity?.id ?? ownCase,
    sequence,
    position: known.claimed?.position ?? null,
    name: event.name,
    mediatorClass: event.ok ? event.kind.mediatorClass : null,
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
