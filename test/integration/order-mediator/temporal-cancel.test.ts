import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderWorkflowId } from '../../../contracts/ids.ts';
import { openShop, type Shop } from '../../support/shop.ts';

describe('Temporal’s own cancel', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.close());

  it('during step 1 takes nobody the answer: the order is kept, and the same request finds it', async () => {
    const requestId = randomUUID();
    const handle = shop.client.workflow.getHandle(orderWorkflowId(requestId));
    const release = await shop.holdTables('order_placement.guard');
    const placing = shop.place({ requestId });
    await shop.allWaitFor('order_placement.guard');
    await handle.cancel();
    await release();
    const placed = await placing;
    expect((await shop.end(placed)).outcome).toBe('completed');
    expect(await shop.place({ requestId })).toEqual(placed);
    expect((await handle.describe()).status.name).toBe('COMPLETED');
  });

  it('during step 2 does not leave a charge behind: the order goes on to its end', async () => {
    const release = await shop.holdTables('payment.guard');
    const placed = await shop.place();
    const handle = shop.client.workflow.getHandle(placed.workflowId);
    await shop.allWaitFor('payment.guard');
    await handle.cancel();
    await release();
    expect((await shop.end(placed)).outcome).toBe('completed');
    expect((await handle.describe()).status.name).toBe('COMPLETED');
    expect(shop.rig.cardGateway.charges(placed.orderId)).toHaveLength(1);
  });
});
