import { quantile } from '../kit/spread.ts';

/** The measurements of the good events of one run. */
export interface Measured {
  /** Good events completed in a second, over the publishing after its first two seconds. */
  readonly perSecond: number;
  /**
   * Milliseconds from the publishing until the customer mediator has begun with the event, and until it is complete.
   */
  readonly started: { readonly p50: number; readonly p99: number };
  readonly complete: { readonly p50: number; readonly p99: number };
}

/** The number of instants in a second, over the steady part of a run. */
export function perSecond(instants: readonly number[], begun: number, ended: number): number {
  const from = begun + 2000;
  return (instants.filter((instant) => instant >= from && instant < ended).length * 1000) / (ended - from);
}

/** The middle of some times, and their slow end. */
export const ends = (times: readonly number[]) => ({ p50: quantile(times, 0.5), p99: quantile(times, 0.99) });
