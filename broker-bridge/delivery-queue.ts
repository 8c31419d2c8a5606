import { createBell } from './bell.ts';

/** Holds what has arrived until one reader takes it, in order. */
export interface DeliveryQueue<Item> {
  push(item: Item): void;
  /** Nothing more will come; what is there can still be taken. */
  end(): void;
  /** Waits for at least one item; resolves with nothing only when the queue has ended and is empty. */
  take(most: number): Promise<readonly Item[]>;
}

/** Makes a queue for one reader. */
export function createDeliveryQueue<Item>(): DeliveryQueue<Item> {
  const bell = createBell();
  const held: { items: Item[]; ended: boolean } = { items: [], ended: false };
  return {
    push(item) {
      held.items.push(item);
      bell.ring();
    },
    end() {
      held.ended = true;
      bell.ring();
    },
    async take(most) {
      while (held.items.length === 0 && !held.ended) await bell.heard(60_000);
      return held.items.splice(0, most);
    },
  };
}
