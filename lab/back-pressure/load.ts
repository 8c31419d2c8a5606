import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { placeOrder } from '../../app/place.ts';
import { encodeEvent } from '../../broker-bridge/intake/encode-event.ts';
import { loadOrderPolicy } from '../../config/order-policy.ts';
import { labOrder } from '../lab-order.ts';
import type { LabShop } from '../open-shop.ts';

/** Orders that keep coming: most as queued events, the others by the client. */
export const load = { perSecond: 5, queuedOfFive: 4 } as const;

/** A card that the lab's gateway takes its time for. */
const card = 'card_slow';

export interface Load {
  /** The orders that were sent, and those of them whose client got an order id. */
  counts(): { readonly sent: number; readonly queued: number; readonly placed: number };
  /** Sends no more, and resolves when every client has its answer. */
  stop(): Promise<void>;
}

/** Sends orders at a steady rate, and waits for none. */
export function startLoad(shop: LabShop): Load {
  const ending = new AbortController();
  const answers: Promise<unknown>[] = [];
  const counts = { sent: 0, queued: 0, placed: 0 };
  const policy = loadOrderPolicy({});
  /** An error is thrown by `stop`. */
  const keep = (answer: Promise<unknown>) => {
    answer.catch(() => undefined);
    answers.push(answer);
  };
  const sendOne = () => {
    const event = { ...labOrder(), requestId: randomUUID(), customerId: `lab-${counts.sent}`, card };
    const isQueued = counts.sent % 5 < load.queuedOfFive;
    counts.sent += 1;
    if (isQueued) {
      counts.queued += 1;
      const { requestId: id } = event;
      keep(shop.broker.publish(encodeEvent({ id, source: 'urn:lab', type: 'place-order', data: event })));
    } else {
      const placing = placeOrder({ client: shop.client, event, policy, deadlineMs: 120_000 });
      keep(placing.then(() => (counts.placed += 1)));
    }
  };
  const run = async () => {
    const begun = performance.now();
    while (!ending.signal.aborted) {
      const due = ((performance.now() - begun) / 1000) * load.perSecond;
      while (counts.sent < due) sendOne();
      await sleep(20);
    }
  };
  const running = run();
  return {
    counts: () => ({ ...counts }),
    async stop() {
      ending.abort();
      await running;
      await Promise.all(answers);
    },
  };
}
