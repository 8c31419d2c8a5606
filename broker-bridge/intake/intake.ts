import type { Client } from '@temporalio/client';
import { customerEventQueue } from '../../contracts/customer-event-queue.ts';
import type { DeadLetters } from '../dead-letter/dead-letters.ts';
import type { Broker, Deliveries } from '../nats/broker.ts';
import { ensureCustomerEventStream } from '../nats/our-streams.ts';
import { runComponent, runSessions, type Log, type RunningComponent } from '../component.ts';
import { createNotifier } from '../waiting.ts';
import { readAdvisories } from './advisories.ts';
import { createBackPressure } from './back-pressure.ts';
import { streamKey } from './envelope.ts';
import { startMetrics, type Metrics } from './metrics.ts';
import type { EventRegistry } from './read-event.ts';
import { createReceiveBatch, type ReceiveBatch } from './receive-batch.ts';
import { createResolveEvent } from './resolve-event.ts';
import { resumeDeferred } from './resume-deferred.ts';
import { createStartWorkflow } from './start-workflow.ts';
import { openCustomerEvents, type CustomerEventStore } from './store/store.ts';

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
  /**
   * Messages that may be delivered and unacknowledged, over all intakes. The intake that started last sets it.
   */
  readonly inFlight: number;
  /** Messages recorded in one transaction. */
  readonly batch: number;
  /** Workflows under way that were started within the last minute, over all intakes. The next one waits. */
  readonly underWay: number;
  /**
   * In milliseconds. A message that is unacknowledged for longer is delivered again, to another intake when this one is
   * gone.
   */
  readonly acknowledgeWithin: number;
}

/**
 * Starts an intake: it records the initiating events of the queue, and starts the workflow of each, defers it or sends
 * it to the dead letters. Events come at least once from the queue, and once into a workflow. Several intakes may run.
 * While NATS, PostgreSQL or Temporal is away an intake waits.
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
        receiveOnce({ ...options, store, metrics, signal }),
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

/**
 * One session of the consumer, with the resuming of deferred events beside it. Resolves when everything that it began
 * has ended.
 */
async function receiveOnce(session: Session): Promise<void> {
  const { broker, log, limits, signal } = session;
  await ensureCustomerEventStream(broker);
  const { stream, consumer: name, subjects } = customerEventQueue;
  const info = await broker.streamInfo(stream);
  if (!info) throw new Error('The queue of customer events was deleted a moment ago.');
  const { acknowledgeWithin, inFlight, batch } = limits;
  const settings = { acknowledgeWithin, maxUnacknowledged: inFlight, ahead: Math.min(batch, inFlight), signal };
  const deliveries = await broker.consume({ stream, name, subjects, ...settings });
  log.info({ inFlight, batch }, 'The intake takes customer events');
  const over = new AbortController();
  const place = { key: streamKey(info.created), created: info.created };
  const { receive, resuming } = startParts(session, place, over.signal);
  try {
    await receiveAll(deliveries, receive, batch);
  } finally {
    over.abort();
    await resuming;
    await deliveries.close();
  }
}

function startParts(session: Session, stream: { readonly key: string; readonly created: string }, over: AbortSignal) {
  const { broker, client, store, signal } = session;
  const { underWay: most, acknowledgeWithin } = session.limits;
  const notifier = createNotifier();
  const startWorkflow = createStartWorkflow(client);
  const backPressure = createBackPressure({ underWay: () => store.underWay(most), most, signal });
  const prolongEvery = acknowledgeWithin / 3;
  const resolveEvent = createResolveEvent({ ...session, startWorkflow, backPressure, prolongEvery });
  const receive = createReceiveBatch({ ...session, stream, resolveEvent, onProgress: notifier.notify });
  const firstSequence = async () => (await broker.streamInfo(customerEventQueue.stream))?.firstSequence ?? 1;
  const resuming = resumeDeferred(over, { ...session, startWorkflow, backPressure, notifier, stream, firstSequence });
  return { receive, resuming };
}

/** Records one batch after the other. Their messages are resolved meanwhile, as many as may be unacknowledged. */
async function receiveAll(deliveries: Deliveries, receive: ReceiveBatch, most: number): Promise<void> {
  const underWay = new Set<Promise<unknown>>();
  try {
    for (;;) {
      const batch = await deliveries.next(most);
      if (batch.length === 0) return;
      const { resolved } = await receive(batch);
      underWay.add(resolved);
      void resolved.finally(() => underWay.delete(resolved));
    }
  } finally {
    await Promise.all(underWay);
  }
}
