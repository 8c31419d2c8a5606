import type { Client } from '@temporalio/client';
import { customerEventQueue } from '../../contracts/customer-event-queue.ts';
import { messageOf } from '../../contracts/mediators/event-records.ts';
import { customerBell, customerMediator } from '../../contracts/mediators/customer-mediator.ts';
import type { DeadLetters } from '../dead-letter/dead-letters.ts';
import { reasonOf, type Log } from '../component.ts';
import { answeredInTime, sleep, type Notifier } from '../waiting.ts';
import type { Metrics } from './metrics.ts';
import type { CustomerEventStore, UnrungEvent } from './store/store.ts';

/** Rings the bell of a customer: starts the customer mediator, or tells the running one that rows have changed. */
export type RingCustomer = (customerId: string) => Promise<void>;

/** Rings at this Temporal. */
export const createRing =
  (client: Client): RingCustomer =>
  async (customerId) => {
    const ring = () => client.workflow.signalWithStart(customerMediator.workflowType, customerBell(customerId));
    await answeredInTime(client, ring);
  };

/** Bells are rung for the rows of the store. */
export interface RingOptions {
  readonly store: Pick<CustomerEventStore, 'ringAgain' | 'underWay' | 'unrung' | 'markRung'>;
  readonly ring: RingCustomer;
  readonly deadLetters: DeadLetters;
  /** Events that may be under way at once. Mediators that cannot keep up get no more, and the rows wait. */
  readonly mostUnderWay: number;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Notified when rows were written. */
  readonly notifier: Notifier;
}

/** Rows of one round. */
const rowsAtOnce = 128;
/** In milliseconds: without a notification; with too many under way; after an error. */
const lookAfter = { idle: 1_000, full: 100, trouble: 1_000 };

/**
 * Rings for every row that was not rung for, until the signal is aborted: of a good event its customer mediator, of a
 * dead letter its case. Waits while PostgreSQL or Temporal is away. Bells that an intake noted a moment ago are rung
 * once more at the beginning: it may have been killed in between, and ringing twice is harmless. The number under way
 * is read again only when little of what it left room for is left.
 */
export async function ringBells(signal: AbortSignal, options: RingOptions): Promise<void> {
  const { store, mostUnderWay, notifier, log } = options;
  const wake = () => notifier.notify();
  signal.addEventListener('abort', wake, { once: true });
  let free = 0;
  const unheard = new Set<string>(); // customers whose bell is noted, and not rung yet
  let isNew = true;
  while (!signal.aborted) {
    try {
      if (isNew) await store.ringAgain();
      isNew = false;
      if (free < rowsAtOnce) free = mostUnderWay - (await store.underWay(mostUnderWay));
      const rows = await store.unrung(rowsAtOnce, Math.min(rowsAtOnce, free));
      if (rows.length + unheard.size > 0) await ringFor(rows, unheard, options);
      free -= rows.filter(({ state }) => state === 'received').length;
      if (rows.length < rowsAtOnce) await notifier.next(free > 0 ? lookAfter.idle : lookAfter.full);
    } catch (error) {
      log.warn({ error: reasonOf(error) }, 'Customer mediators cannot be rung for now; trying again');
      await sleep(lookAfter.trouble, signal);
    }
  }
  signal.removeEventListener('abort', wake);
}

/**
 * Hands dead letters over to their cases, notes all bells, then rings once for each customer: the mediator takes only
 * events whose bell is noted. Rejects when a bell was not rung; those of dead letters are not noted then, and those of
 * customers are in `unheard`.
 */
async function ringFor(rows: readonly UnrungEvent[], unheard: Set<string>, options: RingOptions): Promise<void> {
  const { store, ring, metrics } = options;
  const told = await Promise.allSettled(rows.map((row) => tellCase(row, options)));
  const ready = rows.filter((_, at) => told[at]?.status === 'fulfilled');
  for (const { state, customerId } of ready)
    if (customerId !== null && (state === 'received' || state === 'repaired')) unheard.add(customerId);
  if (ready.length > 0) await store.markRung(ready);
  metrics.count('rung', ready.length);
  const rung = await Promise.allSettled(
    [...unheard].map(async (customerId) => {
      await ring(customerId);
      unheard.delete(customerId);
    }),
  );
  const failed = [...told, ...rung].find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}

/** A dead letter is handed over to its case; the case of a repaired one is told. */
async function tellCase(row: UnrungEvent, { deadLetters, metrics }: RingOptions): Promise<void> {
  const { state, caseId, place, fault, sequence, customerId } = row;
  if (caseId === null) return;
  if (state === 'repaired') return deadLetters.accepted(caseId);
  const message = messageOf(row);
  if (state !== 'dead-lettered' || !fault || !message) return;
  const about = { caseId, consumer: customerEventQueue.consumer, streamSequence: sequence, customerId };
  await deadLetters.send({ ...about, ...message, ...fault }, caseId !== place);
  metrics.count('deadLettered');
}
