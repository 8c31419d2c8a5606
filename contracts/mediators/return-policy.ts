import type { Duration } from '../duration.ts';

/** How long a return waits for people, and when somebody is reminded; data, see `config/return-policy.ts`. */
export interface ReturnPolicy {
  /** For the approval: declined when it is over. */
  readonly approval: { readonly deadline: Duration; readonly reminders: readonly Duration[] };
  /** For the parcel, from the approval on: the return lapses when it is over. */
  readonly parcel: { readonly deadline: Duration; readonly reminders: readonly Duration[] };
  /** When whoever inspects is reminded, from the parcel's arrival on; it has no deadline: the customer's goods are here. */
  readonly inspection: { readonly reminders: readonly Duration[] };
  /** How long the faults of a command are retried before the return shows them; it is asked again all the same, and a mail is left out. */
  readonly retryFor: Duration;
}
