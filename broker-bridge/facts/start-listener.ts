import { openInbox, type Inbox } from './inbox.ts';
import type { Broker, ConsumerSettings } from '../nats/broker.ts';
import type { DeadLetters } from '../dead-letter/dead-letters.ts';
import type { Listener } from './listener.ts';
import { consumersOf } from './listener-consumers.ts';
import { sendOutgoing, type SendingOptions, type SendMessage } from './outgoing.ts';
import { runComponent, runSessions, type Log, type RunningComponent } from '../component.ts';
import { createNotifier } from '../waiting.ts';
import { ensureFactStream, ensureListenerRetryStream } from '../nats/our-streams.ts';
import { BatchHandler } from './handle-batch.ts';
import { createRetryHandler } from './handle-retries.ts';

/** A listener runs on one database and one broker. */
export interface ListenerOptions {
  readonly listener: Listener;
  readonly databaseUrl: string;
  readonly broker: Broker;
  readonly deadLetters: DeadLetters;
  /** Sends the messages that the listener does not deliver itself. */
  readonly send?: SendMessage;
  readonly log: Log;
}

/** Facts per transaction. */
const batchOf = 100;

/**
 * Starts a listener: effect and inbox are one transaction, and a fact is acknowledged after the commit. A fact that it
 * cannot process is a dead letter, and comes back to this listener alone. Several processes may run the same listener;
 * they share its facts. While PostgreSQL or NATS is away it waits, and goes on afterwards, even when the stream was
 * made anew.
 */
export function startListener(options: ListenerOptions): RunningComponent {
  const { listener, databaseUrl, broker, deadLetters, send = sendsNothing, log } = options;
  const news = createNotifier();
  const inbox = openInbox(databaseUrl, listener.schema, news);
  const handling = { listener, inbox, broker, deadLetters, log };
  const session = { listener, broker, log };
  const { facts, retries } = consumersOf(listener);
  return runComponent(`listener:${listener.name}`, async (signal) => {
    const sending = listener.sends ? sendAll(signal, { listener, inbox, send, log, news }) : undefined;
    await consumeAll(signal, inbox, [
      { ...session, consumer: facts, handler: new BatchHandler(handling) },
      { ...session, consumer: retries, handler: createRetryHandler(handling) },
    ]);
    await sending;
    await inbox.close();
  });
}

const sendsNothing: SendMessage = () => Promise.reject(new Error('The listener was given no way to send messages.'));

/** Sends what the listener has written down, also from before this start, while PostgreSQL is there. */
function sendAll(
  signal: AbortSignal,
  {
    listener,
    inbox,
    ...rest
  }: Omit<SendingOptions, 'on' | 'transactionFor'> & { readonly listener: Listener; readonly inbox: Inbox },
): Promise<void> {
  const warning = 'The listener cannot get at its messages; trying again';
  return runSessions(signal, { log: rest.log, warning, details: { listener: listener.name } }, async () => {
    await inbox.prepare(listener);
    await sendOutgoing(signal, { listener, on: inbox.on, transactionFor: followingFrom(inbox), ...rest });
  });
}

/** A fact that is told while a message is delivered belongs to no request. */
const followingFrom =
  (inbox: Inbox): SendingOptions['transactionFor'] =>
  (cause) =>
  (work) =>
    inbox.transaction(({ run, execute, tell }) =>
      work({ run, execute, tell: (fact) => tell({ fact, cause: { id: cause, correlationId: null } }) }),
    );

/** One of the two consumers of a listener, with the handler of its deliveries. */
interface Session {
  readonly listener: Listener;
  readonly broker: Broker;
  readonly log: Log;
  readonly consumer: ConsumerSettings;
  readonly handler: Pick<BatchHandler, 'handle' | 'idle'>;
}

async function consumeAll(signal: AbortSignal, inbox: Inbox, sessions: readonly Session[]): Promise<void> {
  const warning = 'The listener cannot get at its facts; trying again';
  await Promise.all(
    sessions.map(async (session) => {
      const { listener, broker, log, handler } = session;
      await runSessions(signal, { log, warning, details: { listener: listener.name } }, async () => {
        await inbox.prepare(listener);
        await broker.connected(signal);
        if (!signal.aborted) await consumeOnce(signal, session);
      });
      await handler.idle();
    }),
  );
}

/**
 * One session of the consumer. It ends when the listener stops, the connection is lost, heartbeats are missed, or the
 * consumer is gone.
 */
async function consumeOnce(signal: AbortSignal, { consumer, broker, log, handler }: Session): Promise<void> {
  await Promise.all([ensureFactStream(broker), ensureListenerRetryStream(broker)]);
  const deliveries = await broker.consume({ ...consumer, signal });
  log.info({ listener: consumer.name, stream: consumer.stream }, 'The listener listens');
  try {
    for (;;) {
      const batch = await deliveries.next(batchOf);
      if (batch.length === 0) return;
      await handler.handle(batch);
    }
  } finally {
    await deliveries.close();
  }
}
