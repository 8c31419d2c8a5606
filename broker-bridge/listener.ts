import { factStream } from '../contracts/facts.ts';
import { openInbox, type Inbox } from '../prisma/stores/inbox.ts';
import type { Broker, Deliveries } from './broker.ts';
import type { Listener } from './listener/declaration.ts';
import { reasonOf, type Log } from './log.ts';
import { rest } from './rest.ts';
import type { RunningPart } from './running-part.ts';
import { ensureFactStream } from './streams.ts';
import { createBatchHandler, type HandleBatch } from './listener/handle-batch.ts';

export type { Listener } from './listener/declaration.ts';
export type { Transaction } from '../prisma/stores/inbox.ts';

/** What a listener runs on. */
export interface ListenerOptions {
  readonly listener: Listener;
  readonly databaseUrl: string;
  readonly broker: Broker;
  readonly log: Log;
}

/** Facts per transaction; how long the broker waits for an acknowledgement; the pause after trouble. */
const limits = { batch: 100, acknowledgeWithin: 10_000, againAfter: 500 };

/**
 * Starts a listener: effect and inbox in one transaction, acknowledged after the commit and the acknowledgement confirmed. Several processes may run
 * the same listener; they share its facts. With PostgreSQL or NATS away it waits and goes on, even when the stream was made anew.
 */
export function startListener({ listener, databaseUrl, broker, log }: ListenerOptions): RunningPart {
  const end = new AbortController();
  const inbox = openInbox(databaseUrl, listener.schema);
  const handle = createBatchHandler({ listener, inbox, broker, log });
  const stopped = listenUntil(end.signal, { listener, inbox, broker, log, handle });
  return {
    name: `listener:${listener.name}`,
    stopped,
    stop() {
      end.abort();
      return stopped;
    },
  };
}

interface Session {
  readonly listener: Listener;
  readonly inbox: Inbox;
  readonly broker: Broker;
  readonly log: Log;
  readonly handle: HandleBatch;
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
    await rest(limits.againAfter, signal);
  }
  await session.inbox.close();
}

/** One session of the consumer. Resolves when that is over: asked to stop, the connection lost, heartbeats missed, the consumer gone. */
async function listenOnce(signal: AbortSignal, { listener, broker, log, handle }: Session): Promise<void> {
  await ensureFactStream(broker);
  const { name, filterSubjects: subjects } = listener;
  const { acknowledgeWithin } = limits;
  const deliveries = await broker.consume({ stream: factStream.name, name, subjects, acknowledgeWithin });
  log.info({ listener: name }, 'The listener listens');
  const close = () => void deliveries.close();
  signal.addEventListener('abort', close, { once: true });
  if (signal.aborted) close();
  try {
    await handleAll(deliveries, handle);
  } finally {
    signal.removeEventListener('abort', close);
    await deliveries.close();
  }
}

async function handleAll(deliveries: Deliveries, handle: HandleBatch): Promise<void> {
  for (;;) {
    const batch = await deliveries.next(limits.batch);
    if (batch.length === 0) return;
    await handle(batch);
  }
}
