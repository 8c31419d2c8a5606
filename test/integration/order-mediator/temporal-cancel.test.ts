import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderWorkflowId } from '../../../contracts/ids.ts';
import { heldFor } from '../../support/acting.ts';
import { policyOf } from '../../support/policies.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

describe('Temporal’s own cancel', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.close());

  const shopsOwn = { outcome: 'cancelled', reason: 'The shop cancelled it.' };

  it('during step 1 takes nobody the answer: the order is accepted, and then undone', async () => {
    const requestId = randomUUID();
    const handle = shop.client.workflow.getHandle(orderWorkflowId(requestId));
    const release = await shop.holdTables('order_placement.guard');
    const placing = shop.place({ requestId });
    await shop.allWaitFor('order_placement.guard');
    await handle.cancel();
    await release();
    const placed = await placing;
    expect(await shop.end(placed)).toMatchObject(shopsOwn);
    expect(await shop.place({ requestId })).toEqual(placed);
    expect((await handle.describe()).status.name).toBe('COMPLETED');
  });

  it('during step 2 waits for the charge that is under way, and gives it back', async () => {
    const release = await shop.holdTables('payment.guard');
    const placed = await shop.place();
    const handle = shop.client.workflow.getHandle(placed.workflowId);
    await shop.allWaitFor('payment.guard');
    await handle.cancel();
    await release();
    expect(await shop.end(placed)).toMatchObject(shopsOwn);
    expect((await handle.describe()).status.name).toBe('COMPLETED');
    expect(shop.rig.cardGateway.charges(placed.orderId)).toHaveLength(1);
    expect(shop.rig.cardGateway.balance(placed.orderId)).toBe(0);
    const [action] = await shop.sql('SELECT action, actor FROM mediator_store.action WHERE order_id = $1', [
      placed.orderId,
    ]);
    expect(action).toEqual({ action: 'cancel', actor: 'Temporal' });
  });

  it('during a hold undoes the order', async () => {
    const placed = await shop.place({ card: 'card_denied' }, policyOf());
    await heldFor(shop, placed, 'payment');
    await shop.client.workflow.getHandle(placed.workflowId).cancel();
    expect(await shop.end(placed)).toMatchObject(shopsOwn);
  });

  it('while the order is being undone comes too late, and shows', async () => {
    const placed = await shop.place({ card: 'card_denied' }, policyOf({ deadline: '3 seconds' }));
    await heldFor(shop, placed, 'payment');
    await until(async () => (await shop.factsOf(placed.orderId)).includes('inventory-updated'), {
      what: 'stock taken',
    });
    const release = await shop.holdTables('inventory.guard');
    await shop.allWaitFor('inventory.guard');
    await shop.client.workflow.getHandle(placed.workflowId).cancel();
    await release();
    expect(await shop.end(placed)).toMatchObject({ reason: 'It was not paid in time.' });
    expect((await shop.progress(placed)).notes).toEqual([expect.stringMatching(/too late/)]);
  });
});
