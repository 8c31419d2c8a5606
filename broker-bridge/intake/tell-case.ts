import type { CustomerEventStore, Recorded, Started } from './store/store.ts';
import type { DeadLetters } from '../dead-letter/dead-letter.ts';
import type { Decision } from './decide.ts';
import type { Meter } from './meter.ts';

interface TellingOptions {
  readonly store: Pick<CustomerEventStore, 'markRepaired'>;
  readonly deadLetters: Pick<DeadLetters, 'accepted'>;
  readonly meter: Meter;
  markStarted(event: Started): Promise<void>;
}

/** Tells cases of resubmitted events that nothing is left to be done for. What else comes again is only counted. */
export interface Telling {
  /** Its intake died after it was started, and its mediator may have been through with it before it was written down that it was. */
  startedBefore(decision: Extract<Decision, { readonly as: 'good' }>, found: Recorded): Promise<void>;
  repeat(decision: Extract<Decision, { readonly as: 'repeat' }>): Promise<void>;
}

/** Told before it is written down, as always: telling is safe to repeat. */
export const createTelling = ({ store, deadLetters, meter, markStarted }: TellingOptions): Telling => ({
  async startedBefore({ row: { source, eventId } }, { state, caseId }) {
    meter.count('repeats');
    if (caseId === null || (state !== 'started' && state !== 'complete')) return;
    await deadLetters.accepted(caseId);
    await markStarted({ source, eventId, caseId, hasEnded: false });
  },
  async repeat({ settles }) {
    meter.count('repeats');
    if (settles === null) return;
    await deadLetters.accepted(settles);
    await store.markRepaired(settles);
  },
});
