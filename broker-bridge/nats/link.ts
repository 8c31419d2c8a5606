import { EventEmitter, once } from 'node:events';
import type { JetStreamClient, JetStreamManager, NatsConnection } from 'nats';
import type { Log } from '../component.ts';

/** The connection, and the client's parts that work on it. */
export interface NatsClient {
  readonly connection: NatsConnection;
  readonly jetstream: JetStreamClient;
  readonly management: JetStreamManager;
  readonly link: Link;
}

/** Tells when the connection is lost and when it is back. */
export type Link = ReturnType<typeof watchLink>;

/** Follows a client's status until that ends with the client. */
export function watchLink(status: AsyncIterable<{ readonly type: string }>, server: () => string, log: Log) {
  const changes = new EventEmitter().setMaxListeners(0);
  let isUp = true;
  const become = (now: boolean) => {
    if (isUp === now) return;
    isUp = now;
    if (now) log.info({ server: server() }, 'NATS is back');
    else log.warn({ server: server() }, 'The connection to NATS is lost; waiting for it');
    changes.emit(now ? 'up' : 'down');
  };
  void (async () => {
    for await (const { type } of status) {
      if (type === 'disconnect') become(false);
      if (type === 'reconnect') become(true);
    }
  })();
  return {
    get isUp(): boolean {
      return isUp;
    },
    /** Resolves when there is a connection, or when the signal is aborted. */
    async up(signal?: AbortSignal): Promise<void> {
      if (isUp || signal?.aborted) return;
      await once(changes, 'up', signal ? { signal } : {}).catch((error: unknown) => {
        if (!signal?.aborted) throw error;
      });
    },
    /** Calls the listener once, when the connection is lost. The function that it returns removes the listener. */
    onceDown(listener: () => void): () => void {
      changes.once('down', listener);
      return () => void changes.off('down', listener);
    },
  };
}

/** Rejects as soon as the connection is lost, instead of waiting for an answer that cannot come. */
export function whileUp<Answer>(link: Link, ask: () => Promise<Answer>): Promise<Answer> {
  if (!link.isUp) return Promise.reject(new Error('There is no connection to NATS.'));
  return new Promise((resolve, reject) => {
    const forget = link.onceDown(() => reject(new Error('The connection to NATS was lost before it answered.')));
    void ask().then(resolve, reject).finally(forget);
  });
}
