import { afterAll, beforeAll, expect, it } from 'vitest';
import { placeOrder, type PlacedOrder } from '../../../app/place.ts';
import { loadOrderPolicy } from '../../../config/order-policy.ts';
import { channels } from '../../../contracts/channels.ts';
import { replenishment, replenishmentStart } from '../../../contracts/mediators/replenishment.ts';
import { openClockwork, type Clockwork } from '../../support/clockwork.ts';
import { describeToTheMinute } from '../../support/clockwork/describe-to-the-minute.ts';
import type { Asked } from '../../support/clockwork/fake-processors.ts';
import { anOrder } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

/** Rounded to half seconds. */
const secondsBetween = (asked: readonly Asked[]): readonly number[] =>
  asked.slice(1).map(({ at }, index) => Math.round((at - (asked[index]?.at ?? 0)) / 500) / 2);

await describeToTheMinute('what takes its time', (serverPath) => {
  let clockwork: Clockwork;
  beforeAll(async () => {
    clockwork = await openClockwork(serverPath);
  });
  afterAll(() => clockwork.close());

  const place = () => {
    const { client } = clockwork;
    return placeOrder({ client, event: anOrder(), policy: loadOrderPolicy({}), deadlineMs: 30_000 });
  };
  const end = ({ workflowId }: PlacedOrder) => clockwork.client.workflow.getHandle(workflowId).result();

  it('an order that nothing stands in the way of ends at once, and lets no time pass', async () => {
    const { env, records, processors } = clockwork;
    const began = await env.currentTimeMs();
    const placed = await place();
    expect(await end(placed)).toEqual({ orderId: placed.orderId, outcome: 'completed', reason: null });
    expect((await env.currentTimeMs()) - began).toBeLessThan(minute);
    const mails = processors.asked('email-customer').map(({ command }) => command.kind);
    expect(mails).toEqual(['confirmation', 'ready-to-ship', 'shipped']);
    expect(records.entries.map(({ call }) => call)).toEqual(['receiveOrder', 'finishOrder']);
  });

  it('a request that is refused at step 1 leaves no row behind, and the same processor takes the next one', async () => {
    const { records, processors } = clockwork;
    const before = records.entries.length;
    processors.refuse('create-order', 'UnknownTitle', { isbns: ['9780134685991'] });
    await expect(place()).rejects.toThrow('The catalogue does not have 9780134685991.');
    expect(records.entries.slice(before).map(({ call }) => call)).toEqual(['receiveOrder', 'withdrawOrder']);
    expect(await end(await place())).toMatchObject({ outcome: 'completed' });
    expect(
      processors
        .asked('create-order')
        .slice(-2)
        .map(({ ended }) => ended),
    ).toEqual(['refused', 'acknowledged']);
  });

  it('a fault is asked about again after longer and longer waits', async () => {
    const { env, processors } = clockwork;
    processors.fail('ship-order', 9);
    const placed = await place();
    await until(() => processors.asked('ship-order').length > 1, { what: 'the first fault' });
    await env.sleep('10 minutes');
    await end(placed);
    const asked = processors.asked('ship-order').filter(({ command }) => command.orderId === placed.orderId);
    expect(asked.map(({ ended }) => ended)).toEqual([...Array.from({ length: 9 }, () => 'failed'), 'acknowledged']);
    expect(secondsBetween(asked)).toEqual([0.5, 1, 2, 4, 8, 10, 10, 10, 10]);
  });

  it('a delivery that comes after a day is booked within a quarter of an hour', async () => {
    const { client, env, processors } = clockwork;
    const began = await env.currentTimeMs();
    const isbn = '9780134685991';
    const start = replenishmentStart({ purchaseOrderId: 'po-1', isbn, quantity: 40 });
    const options = { ...start, args: [...start.args], taskQueue: channels.orderMediator };
    const handle = await client.workflow.start(replenishment.workflowType, options);

    await env.sleep('1 day');
    expect(processors.asked('receive-stock')).toEqual([]);
    processors.answer('check-delivery', () => ({
      deliveries: [{ deliveryId: 'd-1', quantity: 40 }],
      complete: true,
    }));
    await env.sleep('15 minutes');
    expect(await handle.result()).toEqual({ purchaseOrderId: 'po-1', received: 40 });
    const waits = secondsBetween(processors.asked('check-delivery')).slice(0, 12);
    expect(waits).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
    const late = (processors.asked('receive-stock')[0]?.at ?? 0) - began - day;
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(16 * minute);
  });
});
