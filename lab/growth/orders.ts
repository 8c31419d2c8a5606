import { placeOrder } from '../../app/place.ts';
import { loadOrderPolicy } from '../../config/order-policy.ts';
import { until } from '../../test/support/until.ts';
import { numberOf } from '../kit/number-of.ts';
import { someAtOnce } from '../kit/some-at-once.ts';
import { labOrder } from '../lab-order.ts';
import type { LabShop } from '../open-shop.ts';

const policy = loadOrderPolicy({});

/** Orders under way at once. */
export const atOnce = 20;

/** Customers `lab-0` to `lab-499` order in turn. */
export const customers = 500;

/** Titles are ordered in turn, so that no row of stock is wanted by all. */
export interface Growing {
  readonly shop: LabShop;
  readonly isbns: readonly string[];
  /** The ids of all orders that were completed. */
  readonly completed: string[];
}

/** Places so many orders and waits for their ends. Resolves with the milliseconds of each from its placing on. */
export async function complete(growing: Growing, count: number): Promise<readonly number[]> {
  const took: number[] = [];
  await someAtOnce(count, atOnce, async (at) => {
    const begun = performance.now();
    const { orderId, workflowId } = await place(growing, at, 'card_ok');
    await growing.shop.client.workflow.getHandle(workflowId).result();
    took.push(performance.now() - begun);
    growing.completed.push(orderId);
  });
  return took;
}

/** Places orders that stay open: their cards have expired, and nobody pays with another one. */
export async function hold(growing: Growing, count: number): Promise<void> {
  await someAtOnce(count, atOnce, (at) => place(growing, at, 'card_expired'));
  await until(async () => (await heldNow(growing.shop)) === count, {
    within: 120_000,
    what: `${count} orders to be held`,
  });
}

export const heldNow = ({ sql }: LabShop): Promise<number> =>
  numberOf(sql, 'SELECT count(DISTINCT order_id)::int AS n FROM mediator_store.hold WHERE ended_at IS NULL');

const place = ({ shop: { client }, isbns }: Growing, at: number, card: string) => {
  const lines = [{ isbn: isbns[at % isbns.length] ?? '', quantity: 1 }];
  const event = { ...labOrder(), customerId: `lab-${at % customers}`, lines, card };
  return placeOrder({ client, event, policy, deadlineMs: 120_000 });
};
