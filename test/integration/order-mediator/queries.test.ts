import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlacedOrder } from '../../../app/place.ts';
import { loadOrderPolicy } from '../../../config/order-policy.ts';
import { channels } from '../../../contracts/channels.ts';
import { busy } from '../../../contracts/mediators/order-actions.ts';
import { orderMediator } from '../../../contracts/mediators/order-mediator.ts';
import { orderStart } from '../../../contracts/mediators/order-start.ts';
import { bodyHash } from '../../../contracts/schemas/initiating-events.ts';
import { act, heldFor } from '../../support/acting.ts';
import { policyOf } from '../../support/policies.ts';
import { replayWorkflows } from '../../support/replay-everything.ts';
import { anOrder, openShop, type Shop } from '../../support/shop.ts';

const short = '9780132350884';
const rows = 'mediator_store.flow';

/** A workflow task may end in the midst of a local activity: by a query, or by its heartbeat (docs/adr/0020). */
describe('an order that is queried at any moment replays', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop({ supplier: { deliverySeconds: 600, mode: 'whole' } });
  });
  afterAll(() => shop.close());

  const replays = ({ workflowId }: PlacedOrder) => replayWorkflows(shop.client, [workflowId]);
  const handleOf = ({ workflowId }: Pick<PlacedOrder, 'workflowId'>) => shop.client.workflow.getHandle(workflowId);

  /** Refused twice at the same time: its holds are recorded while it is queried. */
  const heldTwice = async (): Promise<PlacedOrder> => {
    const placed = await shop.place({ card: 'card_denied', lines: [{ isbn: short, quantity: 5 }] }, policyOf());
    await Promise.all([heldFor(shop, placed, 'payment'), heldFor(shop, placed, 'stock')]);
    return placed;
  };

  /** So is what follows from its holds. */
  const resumedAndCancelled = async (placed: PlacedOrder): Promise<void> => {
    await act(shop, placed, 'pay', { card: 'card_ok' });
    await act(shop, placed, 'cancel', { actor: 'Ada', reason: 'enough' });
    await shop.end(placed);
    await replays(placed);
  };

  it('and tells in its call stack where it waits, in two lines at most for each promise', async () => {
    await shop.sql('UPDATE inventory.stock SET on_hand = 3 WHERE isbn = $1', [short]);
    const placed = await heldTwice();
    const stack = await handleOf(placed).query<string>('__stack_trace');
    expect(stack).toContain('workflows/kit/reminders.ts');
    expect(stack).toContain('workflows/order/hold.ts');
    expect(Math.max(...stack.split('\n\n').map((promise) => promise.split('\n').length))).toBe(2);
    await resumedAndCancelled(placed);
  });

  it('while its holds are recorded', async () => {
    for (let round = 0; round < 3; round += 1) {
      await shop.sql('UPDATE inventory.stock SET on_hand = 3 WHERE isbn = $1', [short]);
      const placed = await Promise.all(Array.from({ length: 6 }, heldTwice));
      await Promise.all(placed.map(resumedAndCancelled));
    }
  });

  /** As the queue starts an order: without a client that waits for its id. */
  const started = async () => {
    const event = anOrder();
    const start = { event, bodyHash: bodyHash(event), mediatorClass: 'hard', policy: loadOrderPolicy({}) } as const;
    const flow = { ...orderStart(start), taskQueue: channels.orderMediator };
    const { workflowId } = await shop.client.workflow.start(orderMediator.workflowType, flow);
    return { event, workflowId };
  };

  it('while its row is opened, when it is cancelled in Temporal and placed once more meanwhile', async () => {
    const letRows = await shop.holdTables(rows);
    const flows = await Promise.all(Array.from({ length: 6 }, started));
    await shop.allWaitFor(rows);
    const enough = new AbortController();
    const query = async (flow: { readonly workflowId: string }) => {
      while (!enough.signal.aborted) await handleOf(flow).query(orderMediator.progressQuery);
    };
    const queries = flows.flatMap((flow) => [query(flow), query(flow)]);
    await letRows();
    const placed = await Promise.all(
      flows.map(async (flow) => {
        const [order] = await Promise.all([shop.place(flow.event), handleOf(flow).cancel()]);
        return order;
      }),
    );
    enough.abort();
    await Promise.all([...queries, ...placed.map((order) => shop.end(order))]);
    await Promise.all(placed.map(replays));
  });

  it('while its row is closed, when it is cancelled and placed once more meanwhile', async () => {
    const event = anOrder();
    const letPacking = await shop.holdTables('order_fulfillment.parcel');
    const placed = await shop.place(event);
    await shop.allWaitFor('order_fulfillment.parcel');
    const letRows = await shop.holdTables(rows);
    await letPacking();
    await shop.allWaitFor(rows);
    await handleOf(placed).cancel();
    await handleOf(placed).signal(orderMediator.stockAllocatedSignal);
    const again = handleOf(placed).executeUpdate(orderMediator.placeUpdate, { args: [bodyHash(event)] });
    await expect(again).rejects.toMatchObject({ cause: { type: busy } });
    await letRows();
    expect(await shop.end(placed)).toMatchObject({ outcome: 'completed' });
    await replays(placed);
  });
});
