import type { Client } from '@temporalio/client';
import { customerEventQueue } from '../../contracts/customer-event-queue.ts';
import { openCustomerEvents, type CustomerEventStore } from './store/store.ts';
import { createNotifier, sleep } from '../waiting.ts';
import type { Broker, Deliveries } from '../nats/broker.ts';
import type { DeadLetters } from '../dead-letter/dead-letter.ts';
import { reasonOf, type Log, type RunningComponent } from '../component.ts';
import { ensureCustomerEventStream } from '../nats/our-streams.ts';
import { readAdvisories } from './advisories.ts';
import { startMeter, type Meter } from './meter.ts';
import { streamKey } from './queued.ts';
import type { EventRegistry } from './read-event.ts';
import { releaseUntil } from './release.ts';
import { createRoom } from './room.ts';
import { createSettle } from './settle.ts';
import { createStartWorkflow } from './start-workflow.ts';
import { createTakeBatch, type TakeBatch } from './take-batch.ts';

/** What an intake runs on. */
export interface IntakeOptions {
  readonly databaseUrl: string;
  readonly broker: Broker;
  readonly client: Client;
  readonly deadLetters: DeadLetters;
  readonly kinds: EventRegistry;
  readonly log: Log;
  readonly limits: IntakeLimits;
}

/** How much an intake takes at once. */
export interface IntakeLimits {
  /** Messages that may be off the queue and not acknowledged, over all intakes. */
  readonly inFlight: number;
  /** Messages recorded in one transaction. */
  readonly batch: number;
  /** Flows that may be under way and were started within the last minute, over all intakes. */
  readonly underWay: number;
  /** Unacknowledged for so many milliseconds, a message is delivered again: to another intake when this one is gone. */
  readonly acknowledgeWithin: number;
}

const againAfter = 500;

/**
 * Starts an intake: takes initiating events off their queue, records each, and starts its flow, parks it or hands it over. At least once from the queue,
 * once into a flow. Several may run. With NATS, PostgreSQL or Temporal away it waits and goes on.
 */
export function startIntake(options: IntakeOptions): RunningComponent {
  const end = new AbortController();
  const stopped = runUntil(end.signal, options);
  return {
    name: 'intake',
    stopped,
    stop() {
      end.abort();
      return stopped;
    },
  };
}

async function runUntil(signal: AbortSignal, options: IntakeOptions): Promise<void> {
  const { broker, log, databaseUrl } = options;
  const store = openCustomerEvents(databaseUrl);
  const { stream, consumer } = customerEventQueue;
  const meter = startMeter(log, async () => {
    const { pending, inFlight } = (await broker.consumerInfo(stream, consumer)) ?? { pending: 0, inFlight: 0 };
    return { depth: pending, inFlight };
  });
  try {
    await Promise.all([
      againAndAgain(signal, options, 'The intake cannot get at its queue; trying again', (over) =>
        takeInOnce(over, { ...options, store, meter }),
      ),
      againAndAgain(signal, options, 'Advisories of JetStream cannot be read; trying again', (over) =>
        readAdvisories(over, { ...options, store }),
      ),
    ]);
  } finally {
    meter.stop();
    await store.close();
  }
}

/** One session after another, until the signal is aborted. */
async function againAndAgain(
  signal: AbortSignal,
  { broker, log }: Pick<IntakeOptions, 'broker' | 'log'>,
  trouble: string,
  once: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await broker.connected(signal);
      if (!signal.aborted) await once(signal);
    } catch (error) {
      log.warn({ error: reasonOf(error) }, trouble);
    }
    await sleep(againAfter, signal);
  }
}

interface Session extends IntakeOptions {
  readonly store: CustomerEventStore;
  readonly meter: Meter;
}

/** One session of the consumer, and the releasing beside it. What was begun is brought to its end before it resolves. */
async function takeInOnce(signal: AbortSignal, session: Session): Promise<void> {
  const { broker, log, limits } = session;
  await ensureCustomerEventStream(broker);
  const { stream: name, consumer, subjects } = customerEventQueue;
  const info = await broker.streamInfo(name);
  if (!info) throw new Error('The queue of customer events was deleted a moment ago.');
  const { acknowledgeWithin, inFlight, batch } = limits;
  const settings = { acknowledgeWithin, maxUnacknowledged: inFlight, ahead: Math.min(batch, inFlight) };
  const deliveries = await broker.consume({ stream: name, name: consumer, subjects, ...settings });
  log.info({ inFlight, batch }, 'The intake takes customer events');
  const over = new AbortController();
  const close = () => void deliveries.close();
  signal.addEventListener('abort', close, { once: true });
  if (signal.aborted) close();
  const { take, releasing } = partsOf(
    { ...session, signal },
    { key: streamKey(info.created), created: info.created },
    over.signal,
  );
  try {
    await takeAll(deliveries, take, batch);
  } finally {
    over.abort();
    await releasing;
    signal.removeEventListener('abort', close);
    await deliveries.close();
  }
}

function partsOf(
  session: Session & { readonly signal: AbortSignal },
  stream: { readonly key: string; readonly created: string },
  over: AbortSignal,
) {
  const { broker, client, store } = session;
  const notifier = createNotifier();
  const startFlow = createStartWorkflow(client);
  const { underWay: most, acknowledgeWithin } = session.limits;
  const room = createRoom({ underWay: () => store.underWay(most), most, signal: session.signal });
  const settle = createSettle({ ...session, startFlow, room, prolongEvery: acknowledgeWithin / 3 });
  const take = createTakeBatch({ ...session, stream, settle, onProgress: notifier.notify });
  const firstSequence = async () => (await broker.streamInfo(customerEventQueue.stream))?.firstSequence ?? 1;
  const releasing = releaseUntil(over, { ...session, store, startFlow, room, notifier, stream, firstSequence });
  return { take, releasing };
}

/** Recorded one batch after the other; what follows for each message goes on meanwhile, bounded by what may be unacknowledged. */
async function takeAll(deliveries: Deliveries, take: TakeBatch, most: number): Promise<void> {
  const underWay = new Set<Promise<unknown>>();
  try {
    for (;;) {
      const batch = await deliveries.next(most);
      if (batch.length === 0) return;
      const { settled } = await take(batch);
      underWay.add(settled);
      void settled.finally(() => underWay.delete(settled));
    }
  } finally {
    await Promise.all(underWay);
  }
}
