import { EventEmitter, once } from 'node:events';
import type { Log } from '../component.ts';

/** Whether there is a connection, and word of it when it goes and comes. */
export interface Link {
  readonly isUp: boolean;
  /** Resolves when there is a connection, or when the signal is aborted. */
  up(signal?: AbortSignal): Promise<void>;
  /** Calls once when the connection goes. Returns how to be spared that. */
  onceDown(listener: () => void): () => void;
}

/** Follows a client's status until that ends with the client. */
export function watchLink(status: AsyncIterable<{ readonly type: string }>, server: () => string, log: Log): Link {
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
    get isUp() {
      return isUp;
    },
    async up(signal) {
      if (isUp || signal?.aborted) return;
      await once(changes, 'up', signal ? { signal } : {}).catch((error: unknown) => {
        if (!signal?.aborted) throw error;
      });
    },
    onceDown(listener) {
      changes.once('down', listener);
      return () => changes.off('down', listener);
    },
  };
}

/** Rejects as soon as the connection goes, instead of waiting for an answer that cannot come. */
export function whileUp<Answer>(link: Link, ask: () => Promise<Answer>): Promise<Answer> {
  if (!link.isUp) return Promise.reject(new Error('There is no connection to NATS.'));
  return new Promise((resolve, reject) => {
    const spare = link.onceDown(() => reject(new Error('The connection to NATS was lost before it answered.')));
    void ask().then(resolve, reject).finally(spare);
  });
}
