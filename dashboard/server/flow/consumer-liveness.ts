import type { ConsumerInfo } from '../../../broker-bridge/nats/broker.ts';
import type { Liveness, OutboxFlow } from '../api/flow.ts';

/** A consumer polls again within ten seconds, and between two polls none waits for a moment. */
const unpolledAfterMs = 6_000;
const stuckAfterMs = 10_000;
/** Observations further apart say nothing about each other. */
const forgottenAfterMs = 30_000;
/** A lower rate a second counts as none. */
const noRate = 0.05;

interface Observed {
  readonly since: number;
  readonly at: number;
  /** Null before the first poll was seen. */
  readonly polledAt: number | null;
  readonly movedAt: number;
  readonly acknowledgedTo: number;
}

/** Derives the liveness of a consumer from this observation and those before. */
export type ConsumerLiveness = (key: string, info: ConsumerInfo | null) => Liveness;

/**
 * Keeps the last observation of each consumer. After a while without observations it begins anew, because that time is
 * unknown.
 */
export function createConsumerLiveness(clock: () => number = () => Date.now()): ConsumerLiveness {
  const last = new Map<string, Observed>();
  return (key, info) => {
    if (!info) return 'unpolled';
    const now = clock();
    const kept = last.get(key);
    const first = { since: now, at: now, polledAt: null, movedAt: now, acknowledgedTo: -1 };
    const observed = observe(kept && now - kept.at <= forgottenAfterMs ? kept : first, info, now);
    last.set(key, observed);
    const { polledAt, since, movedAt } = observed;
    if (polledAt === null && now - since <= unpolledAfterMs) return 'unknown';
    if (polledAt === null || now - polledAt > unpolledAfterMs) return 'unpolled';
    return now - movedAt > stuckAfterMs ? 'stuck' : 'ok';
  };
}

function observe(before: Observed, info: ConsumerInfo, now: number): Observed {
  const { acknowledgedTo, pending, inFlight, waitingPulls } = info;
  const hasMoved = acknowledgedTo !== before.acknowledgedTo || pending + inFlight === 0;
  const isPolled = waitingPulls > 0 || (before.acknowledgedTo >= 0 && acknowledgedTo > before.acknowledgedTo);
  return {
    since: before.since,
    at: now,
    polledAt: isPolled ? now : before.polledAt,
    movedAt: hasMoved ? now : before.movedAt,
    acknowledgedTo,
  };
}

/** The relay polls nothing: it is known by what it publishes. */
export function relayLiveness({
  oldestSeconds,
  outPerSecond,
}: Pick<OutboxFlow, 'oldestSeconds' | 'outPerSecond'>): Liveness {
  if (oldestSeconds === null || oldestSeconds * 1_000 <= stuckAfterMs) return 'ok';
  if (outPerSecond === null) return 'unknown';
  return outPerSecond < noRate ? 'stuck' : 'ok';
}
