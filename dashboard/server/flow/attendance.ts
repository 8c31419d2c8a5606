import type { ConsumerInfo } from '../../../broker-bridge/nats/broker.ts';
import type { Attendance, OutboxFlow } from '../api/flow.ts';

/** A consumer asks again within ten seconds; between two requests nobody waits for a moment. */
const unattendedAfterMs = 6_000;
const stuckAfterMs = 10_000;
/** Looks further apart than this tell nothing together. */
const forgottenAfterMs = 30_000;
/** Fewer a second is none. */
const nothing = 0.05;

interface Known {
  readonly since: number;
  readonly lookedAt: number;
  /** Null while nobody was seen. */
  readonly attendedAt: number | null;
  readonly movedAt: number;
  readonly to: number;
}

/** Says how well a consumer is served, from this look and those before. */
export type AttendanceKeeper = (key: string, info: ConsumerInfo | null) => Attendance;

/** Remembers the looks. After a while without any it begins anew: nothing is known of that time. */
export function attendanceKeeper(clock: () => number = () => Date.now()): AttendanceKeeper {
  const looks = new Map<string, Known>();
  return (key, info) => {
    if (!info) return 'nobody';
    const now = clock();
    const kept = looks.get(key);
    const before = kept && now - kept.lookedAt <= forgottenAfterMs ? kept : undefined;
    const known = seen(before ?? { since: now, lookedAt: now, attendedAt: null, movedAt: now, to: -1 }, info, now);
    looks.set(key, known);
    if (known.attendedAt === null && now - known.since <= unattendedAfterMs) return 'unknown';
    if (known.attendedAt === null || now - known.attendedAt > unattendedAfterMs) return 'nobody';
    return now - known.movedAt > stuckAfterMs ? 'stuck' : 'ok';
  };
}

function seen(before: Known, { acknowledgedTo, pending, inFlight, waitingPulls }: ConsumerInfo, now: number): Known {
  const hasMoved = acknowledgedTo !== before.to || pending + inFlight === 0;
  const isAttended = waitingPulls > 0 || (before.to >= 0 && acknowledgedTo > before.to);
  return {
    since: before.since,
    lookedAt: now,
    attendedAt: isAttended ? now : before.attendedAt,
    movedAt: hasMoved ? now : before.movedAt,
    to: acknowledgedTo,
  };
}

/** The relay polls nothing: it is known by what it publishes. */
export function relayAttendance({ oldestSeconds, outPerSecond }: Omit<OutboxFlow, 'attendance'>): Attendance {
  if (oldestSeconds === null || oldestSeconds * 1_000 <= stuckAfterMs) return 'ok';
  if (outPerSecond === null) return 'unknown';
  return outPerSecond < nothing ? 'stuck' : 'ok';
}
