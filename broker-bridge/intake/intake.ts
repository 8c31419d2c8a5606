import type { Client } from '@temporalio/client';
import { customerEventQueue } from '../../contracts/customer-event-queue.ts';
import type { DeadLetters } from '../dead-letter/dead-letters.ts';
import type { Broker, Deliveries, Delivery } from '../nats/broker.ts';
import { ensureCustomerEventStream } from '../nats/our-streams.ts';
import { reasonOf, runComponent, runSessions, type Log, type RunningComponent } from '../component.ts';
import { createNotifier, sleep } from '../waiting.ts';
import { readAdvisories } from './advisories.ts';
import { startMetrics, type Metrics } from './metrics.ts';
import type { EventRegistry } from './read-event.ts';
import { recordBatch } from './record-batch.ts';
import { createRing, ringBells } from './ring-bells.ts';
import { ClaimLost, openCustomerEvents, type CustomerEventStore } from './store/store.ts';

/** An intake runs on one database, one broker and one Temporal. */
export interface IntakeOptions {
  readonly databaseUrl: string;
  readonly broker: Broker;
  readonly client: Client;
  readonly deadLetters: DeadLetters;
  readonly registry: EventRegistry;
  readonly log: Log;
  readonly limits: IntakeLimits;
}

/** Limits of the work that is under way at once. */
export interface IntakeLimits {
  /** Messages recorded in one transaction. */
  readonly batch: number;
  /** Events under way whose bell was rung within the last minute. The next one waits in PostgreSQL. */
  readonly underWay: number;
  /** In milliseconds. A message that is unacknowledged for longer is delivered again. */
  readonly acknowledgeWithin: number;
}

/**
 * Starts an intake: it records the initiating events of the queue in their order, acknowledges them, and rings the
 * bell of their customers' mediators. From its row on an event is kept. Of several intakes one holds the claim, and
 * the others wait to replace it. While NATS, PostgreSQL or Temporal is away an intake waits.
 */
export const startIntake = (options: IntakeOptions): RunningComponent =>
  runComponent('intake', (signal) => runUntil(signal, options));

async function runUntil(signal: AbortSignal, options: IntakeOptions): Promise<void> {
  const { broker, log, databaseUrl } = options;
  const store = openCustomerEvents(databaseUrl);
  const { stream, consumer } = customerEventQueue;
  const metrics = startMetrics(log, async () => {
    const { pending, inFlight } = (await broker.consumerInfo(stream, consumer)) ?? { pending: 0, inFlight: 0 };
    return { depth: pending, inFlight };
  });
  const whileConnected = (warning: string, runSession: () => Promise<void>) =>
    runSessions(signal, { log, warning }, async () => {
      await broker.connected(signal);
      if (!signal.aborted) await runSession();
    });
  try {
    await Promise.all([
      whileConnected('The intake cannot get at its queue; trying again', () =>
        holdClaim({ ...options, store, metrics, signal }),
      ),
      whileConnected('Advisories of JetStream cannot be read; trying again', () =>
        readAdvisories(signal, { ...options, store }),
      ),
    ]);
  } finally {
    metrics.stop();
    await store.close();
  }
}

interface Session extends IntakeOptions {
  readonly store: CustomerEventStore;
  readonly metrics: Metrics;
  readonly signal: AbortSignal;
}

/** In milliseconds. The claim lasts for three seconds: another intake takes over within four. */
const claiming = { tryEvery: 500, renewEvery: 1_000 };

/** Waits for the claim, and works while it has it. */
async function holdClaim(session: Session): Promise<void> {
  const { store, signal } = session;
  const term = await waitForClaim(session);
  if (term === null) return;
  const over = new AbortController();
  const end = AbortSignal.any([signal, over.signal]);
  const ended = async (work: Promise<void>): Promise<void> => {
    await work.finally(() => over.abort());
  };
  const notifier = createNotifier();
  const { client, limits } = session;
  const ringing = { ...session, ring: createRing(client), mostUnderWay: limits.underWay, notifier };
  const parts = [
    ended(renewing(term, session, end)),
    ended(record(term, session, { end, onRecorded: notifier.notify })),
    ended(ringBells(end, ringing)),
  ];
  try {
    await Promise.all(parts);
  } catch (error) {
    throw await whyOver(error, term, store);
  } finally {
    await Promise.allSettled(parts);
    await store.giveBack(term).catch(() => undefined); // then it runs out
  }
}

/** A claim that another intake has taken is the reason, whatever else was heard of first. */
async function whyOver(error: unknown, term: string, store: CustomerEventStore): Promise<unknown> {
  try {
    await store.renew(term);
    return error;
  } catch (why) {
    return why instanceof ClaimLost ? why : error;
  }
}

async function waitForClaim({ store, signal }: Session): Promise<string | null> {
  while (!signal.aborted) {
    const term = await store.claim();
    if (term !== null) return term;
    await sleep(claiming.tryEvery, signal);
  }
  return null;
}

async function renewing(term: string, { store }: Session, end: AbortSignal): Promise<void> {
  for (; !end.aborted; await sleep(claiming.renewEvery, end)) await store.renew(term);
}

interface Recording {
  readonly end: AbortSignal;
  readonly onRecorded: () => void;
}

/**
 * Records one batch after the other, and acknowledges each before the next. The consumer is made anew at first, so
 * that everything that was not acknowledged comes, oldest first. Rejects, to begin anew, when anything came in another
 * order.
 */
async function record(term: string, session: Session, { end, onRecorded }: Recording): Promise<void> {
  const { broker, log, limits } = session;
  await ensureCustomerEventStream(broker);
  const { stream, consumer: name, subjects } = customerEventQueue;
  const info = await broker.streamInfo(stream);
  if (!info) throw new Error('The queue of customer events was deleted a moment ago.');
  const { acknowledgeWithin, batch } = limits;
  const settings = { acknowledgeWithin, ahead: 2 * batch, signal: end, isAnew: true };
  const deliveries = await broker.consume({ stream, name, subjects, ...settings });
  log.info({ term, batch }, 'The intake has the claim, and takes customer events');
  const options = { ...session, term, created: info.created };
  try {
    for await (const messages of batchesOf(deliveries, batch)) {
      await recordBatch(options, messages);
      onRecorded();
      await acknowledgeAll(messages, log);
    }
  } finally {
    await deliveries.close();
  }
}

/** The batches of a session, until it is over. Every message has come here, or the session is at fault. */
async function* batchesOf(deliveries: Deliveries, most: number): AsyncGenerator<readonly Delivery[]> {
  let last = 0;
  for (;;) {
    const batch = await deliveries.next(most);
    if (batch.length === 0) return;
    for (const { deliverySequence } of batch) {
      if (deliverySequence !== last + 1) throw new Error('A message of the queue was delivered elsewhere.');
      last = deliverySequence;
    }
    yield batch;
  }
}

/** When an acknowledgement is not confirmed, the message comes again and is recognised. */
async function acknowledgeAll(messages: readonly Delivery[], log: Log): Promise<void> {
  const failed = (error: unknown) => log.debug({ error: reasonOf(error) }, 'An acknowledgement was not confirmed');
  await Promise.all(messages.map((message) => message.acknowledge().catch(failed)));
}
