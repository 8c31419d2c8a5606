import { loadOrderPolicy } from '../../../config/order-policy.ts';
import type { PlaceOrder } from '../../../contracts/place-order.ts';
import type { Scenario } from './scenarios.ts';

const policy = { ...loadOrderPolicy({}), lane: 'compact' } as const;

const order: Omit<PlaceOrder, 'requestId'> = {
  customerId: 'c-1',
  lines: [{ isbn: '9780134685991', quantity: 2 }],
  card: 'card_ok',
  shipTo: { name: 'Anna Lindqvist', street: '1 Harbour Street', city: 'Hamburg', postcode: '20457', country: 'DE' },
  currency: 'EUR',
};

const rare = '9780132350884';

/** Orders of the compact lane: the worker `compact` has to run (`ORDER_POLICY_FILE`). */
export const compactScenarios = {
  'order-compact': async ({ place }) => (await place(order, policy)).workflowId,
  /** Refused in the lane, and again over its channel, where the order is held and paid. */
  'order-compact-refused': async ({ place, held, act }) => {
    const placed = await place({ ...order, card: 'card_denied' }, policy);
    await held(placed, 'payment');
    await act(placed, 'pay', { card: 'card_ok', actor: null });
    return placed.workflowId;
  },
  /** Held for its stock, until that is delivered. */
  'order-compact-short': async ({ place, held, sql }) => {
    await sql('UPDATE inventory.stock SET on_hand = 1 WHERE isbn = $1', [rare]);
    const placed = await place({ ...order, lines: [{ isbn: rare, quantity: 3 }] }, policy);
    await held(placed, 'stock');
    return placed.workflowId;
  },
  /** Held in step 3 for a title that nobody has weighed, and amended. */
  'order-compact-unpackable': async ({ place, held, act, sql }) => {
    const [weight] = await sql<{ grams: number }>('DELETE FROM order_fulfillment.weight WHERE isbn = $1 RETURNING grams', [rare]); // prettier-ignore
    const placed = await place({ ...order, lines: [{ isbn: rare, quantity: 1 }] }, policy);
    await held(placed, 'packing');
    await sql('INSERT INTO order_fulfillment.weight (isbn, grams) VALUES ($1, $2)', [rare, weight?.grams]);
    await act(placed, 'amend', { actor: null, lines: order.lines });
    return placed.workflowId;
  },
  /** Held in step 4 at an address that no carrier goes to, and amended. */
  'order-compact-undeliverable': async ({ place, held, act }) => {
    const placed = await place({ ...order, shipTo: { ...order.shipTo, country: 'AQ' } }, policy);
    await held(placed, 'address');
    await act(placed, 'amend', { actor: null, shipTo: order.shipTo });
    return placed.workflowId;
  },
  /** Cancelled in step 2, and compensated. */
  'order-compact-cancelled': async ({ place, hold, client }) => {
    const letGo = await hold('payment.guard');
    const placed = await place(order, policy);
    await client.workflow.getHandle(placed.workflowId).cancel();
    await letGo();
    return placed.workflowId;
  },
  /** To create the order takes longer than the lane waits. */
  'order-compact-slow-at-first': async ({ place, hold }) => {
    const letGo = await hold('order_placement.guard');
    const placing = place(order, policy);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await letGo();
    return (await placing).workflowId;
  },
  /** A charge takes longer than the lane waits. */
  'order-compact-slow': async ({ place, hold }) => {
    const letGo = await hold('payment.guard');
    const placed = await place(order, policy);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await letGo();
    return placed.workflowId;
  },
} as const satisfies Readonly<Record<string, Scenario>>;
