import type { HoldPolicy, OrderPolicy } from '../../contracts/mediators/order-policy.ts';
import type { Duration } from '../../contracts/duration.ts';

/** What a test changes of a policy that would wait for days. */
export interface Compressed {
  readonly deadline?: Duration;
  readonly reminders?: readonly Duration[];
  /** How long faults of every command are retried. */
  readonly retryFor?: Duration;
}

/** A policy with the same hold for every reason: days become seconds. */
export function policyOf({ deadline = '1 day', reminders = [], retryFor = '1 hour' }: Compressed = {}): OrderPolicy {
  const hold: HoldPolicy = { deadline, reminders };
  return {
    holds: { approval: hold, payment: hold, stock: hold, address: hold, packing: hold, fault: hold },
    retryFor: { default: retryFor },
  };
}

/** Nobody helps: what is held is undone at once, as far as Temporal's timers can tell. */
export const nobodyHelps: OrderPolicy = policyOf({ deadline: '1 second' });
