import { createNotifier } from '../waiting.ts';

/** Holds what has arrived until one reader takes it, in order. */
export interface DeliveryQueue<Item> {
  push(item: Item): void;
  /** Nothing more will come, because of this if anything is wrong; what is there can still be taken. The first end counts. */
  end(fault?: Error): void;
  /** Waits for at least one item; when the queue has ended and is empty it resolves with nothing, or rejects with what was wrong. */
  take(most: number): Promise<readonly Item[]>;
}

/** Makes a queue for one reader. */
export function createDeliveryQueue<Item>(): DeliveryQueue<Item> {
  const notifier = createNotifier();
  const held: { items: Item[]; ended: boolean; fault?: Error | undefined } = { items: [], ended: false };
  return {
    push(item) {
      held.items.push(item);
      notifier.notify();
    },
    end(fault) {
      if (!held.ended) held.fault = fault;
      held.ended = true;
      notifier.notify();
    },
    async take(most) {
      while (held.items.length === 0 && !held.ended) await notifier.next(60_000);
      if (held.items.length === 0 && held.fault) throw held.fault;
      return held.items.splice(0, most);
    },
  };
}
