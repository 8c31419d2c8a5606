import { factStream } from '../../contracts/facts.ts';
import { listenerRetries, listenerRetrySubject } from '../../contracts/mediators/repair.ts';
import { openInbox, type Inbox } from './inbox.ts';
import type { Broker, ConsumerSettings, Deliveries } from '../nats/broker.ts';
import type { DeadLetters } from '../dead-letter/dead-letter.ts';
import type { Listener } from './declaration.ts';
import { reasonOf, type Log, type RunningComponent } from '../component.ts';
import { sleep } from '../waiting.ts';
import { ensureFactStream, ensureListenerRetryStream } from '../nats/our-streams.ts';
import { createBatchHandler, type BatchHandler } from './handle-batch.ts';
import { createRetryHandler } from './handle-retries.ts';

export type { Listener } from './declaration.ts';
export type { Transaction } from './inbox.ts';

/** What a listener runs on. */
export interface ListenerOptions {
  readonly listener: Listener;
  readonly databaseUrl: string;
  readonly broker: Broker;
  /** Where what it cannot take goes. */
  readonly repair: DeadLetters;
  readonly log: Log;
}

/** Facts per transaction; how long the broker waits for an acknowledgement; the pause after trouble. */
const limits = { batch: 100, acknowledgeWithin: 10_000, againAfter: 500 };

/**
 * Starts a listener: effect and inbox in one transaction, acknowledged after the commit and the acknowledgement confirmed. What it cannot take is handed
 * over, and comes back to it alone. Several processes may run the same listener; they share its facts. With PostgreSQL or NATS away it waits and goes on,
 * even when the stream was made anew.
 */
export function startListener({ listener, databaseUrl, broker, repair, log }: ListenerOptions): RunningComponent {
  const end = new AbortController();
  const inbox = openInbox(databaseUrl, listener.schema);
  const handling = { listener, inbox, broker, repair, log };
  const { name, filterSubjects } = listener;
  const session = { listener, inbox, broker, log };
  const facts = { stream: factStream.name, name, subjects: filterSubjects };
  const retries = { stream: listenerRetries.stream, name, subjects: [listenerRetrySubject(name)] };
  const stopped = listenAll(end.signal, inbox, [
    { ...session, follows: facts, handler: createBatchHandler(handling) },
    { ...session, follows: retries, handler: createRetryHandler(handling) },
  ]);
  return {
    name: `listener:${listener.name}`,
    stopped,
    stop() {
      end.abort();
      return stopped;
    },
  };
}

/** One of the two consumers of a listener, and what is done with what it brings. */
interface Session {
  readonly listener: Listener;
  readonly inbox: Inbox;
  readonly broker: Broker;
  readonly log: Log;
  readonly follows: Omit<ConsumerSettings, 'acknowledgeWithin'>;
  readonly handler: BatchHandler;
}

async function listenAll(signal: AbortSignal, inbox: Inbox, sessions: readonly Session[]): Promise<void> {
  await Promise.all(
    sessions.map(async (session) => {
      await listenUntil(signal, session);
      await session.handler.settled();
    }),
  );
  await inbox.close();
}

async function listenUntil(signal: AbortSignal, session: Session): Promise<void> {
  const { listener, log } = session;
  while (!signal.aborted) {
    try {
      await session.inbox.prepare(listener.tables);
      await session.broker.connected(signal);
      if (!signal.aborted) await listenOnce(signal, session);
    } catch (error) {
      log.warn(
        { error: reasonOf(error), listener: listener.name },
        'The listener cannot get at its facts; trying again',
      );
    }
    await sleep(limits.againAfter, signal);
  }
}

/** One session of the consumer. Resolves when that is over: asked to stop, the connection lost, heartbeats missed, the consumer gone. */
async function listenOnce(signal: AbortSignal, { follows, broker, log, handler }: Session): Promise<void> {
  await Promise.all([ensureFactStream(broker), ensureListenerRetryStream(broker)]);
  const { acknowledgeWithin } = limits;
  const deliveries = await broker.consume({ ...follows, acknowledgeWithin });
  log.info({ listener: follows.name, stream: follows.stream }, 'The listener listens');
  const close = () => void deliveries.close();
  signal.addEventListener('abort', close, { once: true });
  if (signal.aborted) close();
  try {
    await handleAll(deliveries, handler);
  } finally {
    signal.removeEventListener('abort', close);
    await deliveries.close();
  }
}

async function handleAll(deliveries: Deliveries, handler: BatchHandler): Promise<void> {
  for (;;) {
    const batch = await deliveries.next(limits.batch);
    if (batch.length === 0) return;
    await handler.handle(batch);
  }
}
