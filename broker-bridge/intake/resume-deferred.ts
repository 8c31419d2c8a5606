import type { CustomerEventStore, DeadLettered, DeferredEvent, Resumed, Started } from './store/store.ts';
import { type Notifier, sleep } from '../waiting.ts';
import type { DeadLetters } from '../dead-letter/dead-letters.ts';
import { reasonOf, type Log } from '../component.ts';
import type { Metrics } from './metrics.ts';
import { caseAt, deadLetterOf, idUsedTwice, notTaken, envelopeOf, rejected, type Envelope } from './envelope.ts';
import { readEvent, type BadEvent, type EventRegistry } from './read-event.ts';
import type { BackPressure } from './back-pressure.ts';
import type { StartWorkflow } from './start-workflow.ts';

/** Deferred events are read from the store, and become workflows or dead letters. */
export interface ResumeOptions {
  readonly store: Pick<CustomerEventStore, 'resumeDeferred' | 'deferred' | 'noteGone' | 'unnotified' | 'markStarted'>;
  /** The stream as it is now. */
  readonly stream: { readonly key: string; readonly created: string };
  readonly registry: EventRegistry;
  readonly deadLetters: DeadLetters;
  readonly startWorkflow: StartWorkflow;
  readonly backPressure: BackPressure;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Notified when the turn of a deferred event may have come. */
  readonly notifier: Notifier;
  /** The first sequence that the stream holds now. */
  firstSequence(): Promise<number>;
}

/** Events resumed at once. Their rows stay locked while their workflows are started. */
const resumedAtOnce = 32;
/**
 * In milliseconds, without a notification. Sooner when an event is deferred, because mediators do not notify the
 * intake.
 */
const lookAfter = { deferred: 200, nothing: 1_000, trouble: 1_000 };
/** After an empty look the pause is four times as long as the look: looking takes a fifth of the idle time at most. */
const pauseFor = 4;
/** Pause in milliseconds between two looks for cases that were not notified, and the number read at once. */
const unnotified = { lookAfter: 10_000, most: 32 };
/** In milliseconds. After so long it is believed that Temporal will never start an event. */
const longNotTaken = 3_000;

/**
 * Starts deferred events when their turn has come, until the signal is aborted. It waits while PostgreSQL or Temporal
 * is away.
 */
export async function resumeDeferred(signal: AbortSignal, options: ResumeOptions): Promise<void> {
  const { notifier, log } = options;
  const wake = () => notifier.notify();
  signal.addEventListener('abort', wake, { once: true });
  const session = { ...options, notTakenSince: new Map<string, number>() };
  let notifiedAt = -Infinity;
  while (!signal.aborted) {
    try {
      const began = performance.now();
      if (began - notifiedAt > unnotified.lookAfter && (await notifyAgain(options)) < unnotified.most)
        notifiedAt = began;
      const quiet = await resumeOnce(session);
      if (quiet === 0) continue;
      await sleep(Math.min(lookAfter.nothing, pauseFor * (performance.now() - began)), signal);
      if (!signal.aborted) await notifier.next(quiet);
    } catch (error) {
      log.warn({ error: reasonOf(error) }, 'Deferred customer events cannot be resumed now; trying again');
      await sleep(lookAfter.trouble, signal);
    }
  }
  signal.removeEventListener('abort', wake);
}

/**
 * Notifies the cases of resubmitted events that were started by an intake that died before it notified them. Resolves
 * with the number of cases.
 */
async function notifyAgain({ store, deadLetters }: ResumeOptions): Promise<number> {
  const events = await store.unnotified(unnotified.most);
  for (const { caseId } of events) await deadLetters.accepted(caseId);
  await store.markStarted(events);
  return events.length;
}

interface Session extends ResumeOptions {
  /** The instants of Temporal's first refusals to start, by workflow id. */
  readonly notTakenSince: Map<string, number>;
}

/** Resumes one batch. Resolves with the milliseconds in which no other turn is expected. */
async function resumeOnce(session: Session): Promise<number> {
  const { store, stream, metrics, backPressure } = session;
  if (!(await backPressure.admit())) return lookAfter.nothing;
  const resumed = await store.resumeDeferred(stream.key, resumedAtOnce, (events) => startEvents(events, session));
  metrics.count('resumed', resumed);
  if (resumed > 0) return 0;
  const { deferred, hasGap } = await store.deferred(stream.key);
  if (hasGap) await store.noteGone(stream.key, await session.firstSequence());
  return deferred > 0 ? lookAfter.deferred : lookAfter.nothing;
}

/** Events that fail stay deferred. Rejects when all fail. */
async function startEvents(events: readonly DeferredEvent[], session: Session): Promise<Resumed> {
  const ends = await Promise.allSettled(events.map((event) => startEvent(event, session)));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed && ends.every((end) => end.status === 'rejected')) throw failed.reason;
  const results = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
  return {
    started: results.flatMap((one) => ('hasEnded' in one ? [one] : [])),
    deadLettered: results.flatMap((one) => ('hasEnded' in one ? [] : [one])),
  };
}

async function startEvent(deferred: DeferredEvent, session: Session): Promise<Started | DeadLettered> {
  const { source, eventId, caseId } = deferred;
  const { deadLetters, metrics } = session;
  const envelope = storedEnvelope(deferred, session);
  const attempt = await startOrReject(envelope, session);
  if (!attempt.bad) {
    if (caseId !== null) await deadLetters.accepted(caseId);
    return { source, eventId, caseId, hasEnded: attempt.hasEnded };
  }
  const as = caseId ?? envelope.ownCase;
  await deadLetters.send(deadLetterOf({ ...envelope, event: attempt.bad }, as), caseId !== null);
  metrics.count('deadLettered');
  return { source, eventId, caseId: as };
}

/**
 * The envelope that the message would have if it came again, with the same case. When its stream is gone, its case is
 * one that no message of the new stream can have.
 */
function storedEnvelope(
  { sequence, receivedAt, isOfThisStream, message: stored }: DeferredEvent,
  session: Session,
): Envelope {
  const { subject, headers, body: data } = stored;
  const message = { subject, headers, data };
  const ownCase = caseAt(isOfThisStream ? session.stream.created : receivedAt, sequence);
  return envelopeOf({ sequence, message, event: readEvent(message, session.registry), ownCase });
}

type StartAttempt = { readonly bad: BadEvent } | { readonly bad: null; readonly hasEnded: boolean };

async function startOrReject(envelope: Envelope, { startWorkflow, notTakenSince }: Session): Promise<StartAttempt> {
  if (!envelope.event.ok) return { bad: envelope.event };
  const result = await startWorkflow(envelope.event);
  if (result === 'other-body') return { bad: rejected(envelope, idUsedTwice).event };
  const { workflowId } = envelope.event.start;
  if (result !== 'not-taken') {
    notTakenSince.delete(workflowId);
    return { bad: null, hasEnded: result === 'has-ended' };
  }
  const since = notTakenSince.get(workflowId) ?? performance.now();
  notTakenSince.set(workflowId, since);
  if (performance.now() - since < longNotTaken) throw new Error('Temporal refused the start.');
  notTakenSince.delete(workflowId);
  return { bad: rejected(envelope, notTaken).event };
}
