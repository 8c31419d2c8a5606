import { factStream } from '../../contracts/facts.ts';
import { until } from '../../test/support/until.ts';
import { labStream } from '../broker-topology/messages.ts';
import { labOrder } from '../lab-order.ts';
import type { Side } from './sides.ts';
import { heard, told } from './told.ts';
import {
  doneSoFar,
  finishedAfter,
  isMediated,
  nothing,
  patienceMs,
  watchMs,
  type Outcome,
  type Trouble,
} from './trouble.ts';

const notApplicable = (why: string): Outcome => ({
  finished: why,
  finishedMs: null,
  hung: nothing,
  noticedBy: '-',
  noticedMs: null,
});

/** The fact is gone from the stream before its consumer got it. */
export const lostFact: Trouble = {
  name: 'a fact of the outbox removed from the stream (payment-applied)',
  rule: 'Removed while its consumer was paused. Noticed: the relay publishes it again, from the removal on. Finished: from the removal on.',
  async run(side) {
    if (side.name === 'mediator') return notApplicable('every order: it broadcasts nothing');
    const { broker } = side.shop;
    // The hybrid's order does not need the fact: a listener does.
    const consumer = side.name === 'hybrid' ? 'order-timeline' : 'broker-topology-order-fulfillment';
    const orderId = await whilePaused(side, factStream.name, consumer, async (placed) => {
      const published = async () => (await told(side, placed)).find(isPublishedPayment)?.streamSequence;
      await broker.remove(factStream.name, await until(published, { within: patienceMs }));
    });
    const removedAt = Date.now();
    const times = async () => (await told(side, orderId)).find(isPublishedPayment);
    const first = await times();
    const again = async () => ((await times())?.streamSequence ?? 0) > (first?.streamSequence ?? 0);
    const isAgain = await until(again, { within: 30_000 }).catch(() => false);
    const noticedMs = isAgain ? Date.now() - removedAt : null;
    const finishedMs = await finishedAfter(side, [orderId], removedAt);
    return {
      finished: isMediated(side) ? 'the order, which does not need the fact' : 'the order, when the fact came again',
      finishedMs,
      hung: finishedMs === null ? await doneSoFar(side, orderId) : nothing,
      noticedBy: isAgain ? 'the relay, which compares outbox and stream every 10 s' : 'nobody',
      noticedMs,
    };
  },
};

const isPublishedPayment = (fact: { readonly name: string; readonly streamSequence: number | null }): boolean =>
  fact.name === 'payment-applied' && fact.streamSequence !== null;

/** The message is gone, and no outbox has a copy of it: as where a processor publishes by itself. */
export const lostMessage: Trouble = {
  name: 'a message without an outbox removed from the stream (order-placed, for payment)',
  rule: `Removed while its consumer was paused; watched for ${watchMs / 1000} s.`,
  async run(side) {
    if (isMediated(side)) return notApplicable('every order: a command is in the history of its workflow');
    const { broker } = side.shop;
    const orderId = await whilePaused(side, labStream.name, 'broker-topology-payment', async (placed) => {
      const held = async () => (await broker.oldest(labStream.name, `lab.order-placed.${placed}`))?.onSubject;
      const sequence = await until(held, { within: patienceMs });
      await heard(side, placed, 'email-sent confirmation', patienceMs);
      await broker.remove(labStream.name, sequence);
    });
    const finishedMs = await finishedAfter(side, [orderId], Date.now(), watchMs);
    return {
      finished: finishedMs === null ? nothing : 'the order',
      finishedMs,
      hung: await doneSoFar(side, orderId),
      noticedBy: 'nobody',
      noticedMs: null,
    };
  },
};

/** Places an order while a consumer gets nothing, does the work, and lets the consumer go on. The order's id. */
async function whilePaused(
  side: Side,
  stream: string,
  consumer: string,
  work: (orderId: string) => Promise<void>,
): Promise<string> {
  const { broker } = side.shop;
  await broker.pause(stream, consumer, new Date(Date.now() + 2 * patienceMs).toISOString());
  try {
    const orderId = await side.place(labOrder());
    await work(orderId);
    return orderId;
  } finally {
    await broker.resume(stream, consumer);
  }
}
