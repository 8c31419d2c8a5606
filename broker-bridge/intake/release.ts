import type {
  CustomerEventStore,
  HandedOver,
  ParkedEvent,
  Released,
  Started,
} from '../../prisma/stores/customer-events/store.ts';
import type { Bell } from '../bell.ts';
import type { HandOver } from '../hand-over.ts';
import { reasonOf, type Log } from '../log.ts';
import { rest } from '../rest.ts';
import type { Meter } from './meter.ts';
import { caseAt, erroneousFrom, idUsedTwice, notTaken, turnedBad, type Queued } from './queued.ts';
import { readEvent, type BadEvent, type Kinds } from './read-event.ts';
import type { StartFlow } from './start-flow.ts';

/** What releasing parked events needs. */
export interface ReleaseOptions {
  readonly store: Pick<CustomerEventStore, 'release' | 'parked' | 'noteGone'>;
  /** The stream's name and the instant it was made. */
  readonly stream: string;
  readonly kinds: Kinds;
  readonly handOver: HandOver;
  readonly startFlow: StartFlow;
  readonly meter: Meter;
  readonly log: Log;
  /** Rung when something may have become free. */
  readonly bell: Bell;
  /** Where the stream begins now. */
  firstSequence(): Promise<number>;
}

/** Events released at once: their rows stay locked while their flows are started. */
const most = 32;
/** How often is looked without a ring, in milliseconds: sooner when something is parked, because mediators do not ring. */
const lookAfter = { parked: 200, nothing: 1_000, trouble: 1_000 };
/** Of the time, a fifth is spent looking at most. */
const pauseFor = 4;

/** Starts parked events when their turn has come, until the signal is aborted. With PostgreSQL or Temporal away it waits and goes on. */
export async function releaseUntil(signal: AbortSignal, options: ReleaseOptions): Promise<void> {
  const { bell, log } = options;
  const wake = () => bell.ring();
  signal.addEventListener('abort', wake, { once: true });
  while (!signal.aborted) {
    try {
      const began = performance.now();
      const quiet = await releaseOnce(options);
      await rest(Math.min(lookAfter.nothing, pauseFor * (performance.now() - began)), signal);
      if (quiet > 0 && !signal.aborted) await bell.heard(quiet);
    } catch (error) {
      log.warn({ error: reasonOf(error) }, 'Parked customer events cannot be released now; trying again');
      await rest(lookAfter.trouble, signal);
    }
  }
  signal.removeEventListener('abort', wake);
}

/** Resolves with how long nothing new is to be expected, in milliseconds. */
async function releaseOnce(options: ReleaseOptions): Promise<number> {
  const { store, stream, meter } = options;
  const released = await store.release(stream, most, (events) => bringOn(events, options));
  meter.count('released', released);
  if (released > 0) return 0;
  const { parked, hasGap } = await store.parked(stream);
  if (hasGap) await store.noteGone(stream, await options.firstSequence());
  return parked > 0 ? lookAfter.parked : lookAfter.nothing;
}

/** Those that fail now stay parked, unless all do. */
async function bringOn(events: readonly ParkedEvent[], options: ReleaseOptions): Promise<Released> {
  const ends = await Promise.allSettled(events.map((event) => bringOneOn(event, options)));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed && ends.every((end) => end.status === 'rejected')) throw failed.reason;
  const came = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
  return {
    started: came.flatMap((one) => ('hasEnded' in one ? [one] : [])),
    handedOver: came.flatMap((one) => ('hasEnded' in one ? [] : [one])),
  };
}

async function bringOneOn(parked: ParkedEvent, options: ReleaseOptions): Promise<Started | HandedOver> {
  const { source, eventId, sequence, caseId, receivedAt } = parked;
  const { subject, headers, body: data } = parked.message;
  const message = { subject, headers, data };
  const queued = { sequence, message, event: readEvent(message, options.kinds), ownCase: caseAt(receivedAt, sequence) };
  const bad = await startOrFault(queued, options);
  if (!bad.event) {
    if (caseId !== null) await options.handOver.accepted(caseId);
    return { source, eventId, caseId, hasEnded: bad.hasEnded };
  }
  const as = caseId ?? queued.ownCase;
  await options.handOver.handOver(erroneousFrom({ ...queued, event: bad.event }, as), caseId !== null);
  options.meter.count('handedOver');
  return { source, eventId, caseId: as };
}

type Came = { readonly event: BadEvent } | { readonly event: null; readonly hasEnded: boolean };

async function startOrFault(queued: Queued, { startFlow }: ReleaseOptions): Promise<Came> {
  if (!queued.event.ok) return { event: queued.event };
  const came = await startFlow(queued.event);
  if (came === 'other-body') return turnedBad(queued, idUsedTwice);
  if (came === 'not-taken') return turnedBad(queued, notTaken);
  return { event: null, hasEnded: came === 'has-ended' };
}
