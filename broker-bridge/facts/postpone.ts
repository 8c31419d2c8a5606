import type { Delivery } from '../nats/broker.ts';
import { backoff } from '../waiting.ts';

/** Why a delivery is asked for again later. */
export type Delay = 'early' | 'failed' | 'away';

const pauses: { readonly [Why in Delay]: { readonly first: number; readonly longest: number } } = {
  early: { first: 100, longest: 5_000 },
  failed: { first: 1_000, longest: 60_000 },
  away: { first: 500, longest: 5_000 },
};

/** Asks for a delivery again, after a pause that grows with how often it came. */
export const postpone = (delivery: Delivery, why: Delay): void =>
  delivery.postpone(backoff(delivery.timesDelivered, pauses[why]));
