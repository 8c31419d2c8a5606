import type { CustomerEventStore, HandedOver, DeferredEvent, Released, Started } from './store/store.ts';
import { type Notifier, sleep } from '../waiting.ts';
import type { DeadLetters } from '../dead-letter/dead-letter.ts';
import { reasonOf, type Log } from '../component.ts';
import type { Meter } from './meter.ts';
import { caseAt, erroneousFrom, idUsedTwice, notTaken, queuedFrom, turnedBad, type Queued } from './queued.ts';
import { readEvent, type BadEvent, type EventRegistry } from './read-event.ts';
import type { Room } from './room.ts';
import type { StartWorkflow } from './start-workflow.ts';

/** What releasing deferred events needs. */
export interface ReleaseOptions {
  readonly store: Pick<CustomerEventStore, 'release' | 'deferred' | 'noteGone' | 'untold' | 'markStarted'>;
  /** The stream as it is now. */
  readonly stream: { readonly key: string; readonly created: string };
  readonly kinds: EventRegistry;
  readonly deadLetters: DeadLetters;
  readonly startFlow: StartWorkflow;
  readonly room: Room;
  readonly meter: Meter;
  readonly log: Log;
  /** Rung when something may have become free. */
  readonly notifier: Notifier;
  /** Where the stream begins now. */
  firstSequence(): Promise<number>;
}

/** Events released at once: their rows stay locked while their flows are started. */
const most = 32;
/** How often is looked without a ring, in milliseconds: sooner when something is deferred, because mediators do not ring. */
const lookAfter = { deferred: 200, nothing: 1_000, trouble: 1_000 };
/** Of the time in which nothing is found, a fifth is spent looking at most. */
const pauseFor = 4;
/** How often is looked for cases that were not told, and how many are taken at once. */
const untold = { lookAfter: 10_000, most: 32 };
/** Temporal says that an event can never be started: believed when it has said so for so long, in milliseconds. */
const longNotTaken = 3_000;

/** Starts deferred events when their turn has come, until the signal is aborted. With PostgreSQL or Temporal away it waits and goes on. */
export async function releaseUntil(signal: AbortSignal, options: ReleaseOptions): Promise<void> {
  const { notifier, log } = options;
  const wake = () => notifier.notify();
  signal.addEventListener('abort', wake, { once: true });
  const session = { ...options, notTakenSince: new Map<string, number>() };
  let toldAt = -Infinity;
  while (!signal.aborted) {
    try {
      const began = performance.now();
      if (began - toldAt > untold.lookAfter && (await tellAgain(options)) < untold.most) toldAt = began;
      const quiet = await releaseOnce(session);
      if (quiet === 0) continue;
      await sleep(Math.min(lookAfter.nothing, pauseFor * (performance.now() - began)), signal);
      if (!signal.aborted) await notifier.next(quiet);
    } catch (error) {
      log.warn({ error: reasonOf(error) }, 'Deferred customer events cannot be released now; trying again');
      await sleep(lookAfter.trouble, signal);
    }
  }
  signal.removeEventListener('abort', wake);
}

/** Whoever starts a resubmitted event tells its case, and may die before. Resolves with how many cases there were. */
async function tellAgain({ store, deadLetters }: ReleaseOptions): Promise<number> {
  const events = await store.untold(untold.most);
  for (const { caseId } of events) await deadLetters.accepted(caseId);
  await store.markStarted(events);
  return events.length;
}

interface Session extends ReleaseOptions {
  /** Since when Temporal has refused to start a workflow, by its id. */
  readonly notTakenSince: Map<string, number>;
}

/** Resolves with how long nothing new is to be expected, in milliseconds. */
async function releaseOnce(session: Session): Promise<number> {
  const { store, stream, meter, room } = session;
  if (!(await room.enter())) return lookAfter.nothing;
  const released = await store.release(stream.key, most, (events) => bringOn(events, session));
  meter.count('released', released);
  if (released > 0) return 0;
  const { deferred, hasGap } = await store.deferred(stream.key);
  if (hasGap) await store.noteGone(stream.key, await session.firstSequence());
  return deferred > 0 ? lookAfter.deferred : lookAfter.nothing;
}

/** Those that fail now stay deferred, unless all do. */
async function bringOn(events: readonly DeferredEvent[], session: Session): Promise<Released> {
  const ends = await Promise.allSettled(events.map((event) => bringOneOn(event, session)));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed && ends.every((end) => end.status === 'rejected')) throw failed.reason;
  const came = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
  return {
    started: came.flatMap((one) => ('hasEnded' in one ? [one] : [])),
    handedOver: came.flatMap((one) => ('hasEnded' in one ? [] : [one])),
  };
}

async function bringOneOn(deferred: DeferredEvent, session: Session): Promise<Started | HandedOver> {
  const { source, eventId, caseId } = deferred;
  const { deadLetters, meter } = session;
  const queued = queuedAgain(deferred, session);
  const bad = await startOrFault(queued, session);
  if (!bad.event) {
    if (caseId !== null) await deadLetters.accepted(caseId);
    return { source, eventId, caseId, hasEnded: bad.hasEnded };
  }
  const as = caseId ?? queued.ownCase;
  await deadLetters.send(erroneousFrom({ ...queued, event: bad.event }, as), caseId !== null);
  meter.count('handedOver');
  return { source, eventId, caseId: as };
}

/** The case that the message itself would lead to, if it came again; of a stream that is no more, one that no message can lead to. */
function queuedAgain(
  { sequence, receivedAt, isOfThisStream, message: stored }: DeferredEvent,
  session: Session,
): Queued {
  const { subject, headers, body: data } = stored;
  const message = { subject, headers, data };
  const ownCase = caseAt(isOfThisStream ? session.stream.created : receivedAt, sequence);
  return queuedFrom({ sequence, message, event: readEvent(message, session.kinds), ownCase });
}

type Came = { readonly event: BadEvent } | { readonly event: null; readonly hasEnded: boolean };

async function startOrFault(queued: Queued, { startFlow, notTakenSince }: Session): Promise<Came> {
  if (!queued.event.ok) return { event: queued.event };
  const came = await startFlow(queued.event);
  if (came === 'other-body') return turnedBad(queued, idUsedTwice);
  const { workflowId } = queued.event.start;
  if (came !== 'not-taken') {
    notTakenSince.delete(workflowId);
    return { event: null, hasEnded: came === 'has-ended' };
  }
  const since = notTakenSince.get(workflowId) ?? performance.now();
  notTakenSince.set(workflowId, since);
  if (performance.now() - since < longNotTaken) throw new Error('Temporal refused the start.');
  notTakenSince.delete(workflowId);
  return turnedBad(queued, notTaken);
}
