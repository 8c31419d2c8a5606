import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectBroker } from '../../../broker-bridge/nats/connect.ts';
import { encodeEvent } from '../../../broker-bridge/intake/encode-event.ts';
import { ensureCustomerEventStream } from '../../../broker-bridge/nats/our-streams.ts';
import { customerWorkflowId } from '../../../contracts/ids.ts';
import { isReported, reconcileEverySecond, terminateAndWait } from '../../support/recovered.ts';
import { rowOf } from '../../support/queued-event.ts';
import { launchWorker } from '../../support/rig/worker.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { silentLog } from '../../support/silent-log.ts';
import { until } from '../../support/until.ts';

const others = ['order-placement', 'payment', 'inventory', 'order-fulfillment', 'warehouse', 'shipping'];
const source = 'test-shop';
const address = { name: 'Jo Berg', street: '2 Hill Road', city: 'Bergen', postcode: '5003', country: 'NO' };

describe('a customer’s event whose workflow was terminated', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop({ env: reconcileEverySecond }, [
      ['order-mediator', 'customer-mediator', 'intake', ...others],
    ]);
  });
  afterAll(() => shop.close());

  const send = async (id: string, type: string, data: object): Promise<void> => {
    const broker = await connectBroker({ url: shop.rig.nats.url, name: 'test', log: silentLog });
    await ensureCustomerEventStream(broker);
    await broker.publish(encodeEvent({ id, source, type, data }));
    await broker.close();
  };
  const isState = (id: string, state: string) =>
    until(async () => (await rowOf(shop, id).catch(() => undefined))?.state === state, {
      within: 30_000,
      what: `${id} to be ${state}`,
    });

  it('is carried on: one customer, one welcome, and what waited for it goes on', async () => {
    const email = 'jo@example.com';
    await send('registering', 'customer-registered', { customerId: 'jo', name: 'Jo Berg', email });
    await until(async () => (await shop.factsOf('jo')).includes('customer-created'), { what: 'the customer' });
    await send('moving', 'address-changed', { customerId: 'jo', address });
    await isState('moving', 'received');
    const workflowId = customerWorkflowId('jo');
    await terminateAndWait(shop, workflowId);
    const notification = await launchWorker(['notification'], shop.rig.env, shop.rig.folder);
    await isState('registering', 'complete');
    await isState('moving', 'complete');
    expect(await rowOf(shop, 'registering')).toMatchObject({ outcome: 'completed', has_body: false });
    expect((await shop.factsOf('jo')).toSorted()).toEqual([
      'customer-address-changed',
      'customer-created',
      'customer-emailed',
    ]);
    expect((await shop.rig.smtpSink.mails()).filter(({ to }) => to.includes(email))).toHaveLength(1);
    await isReported(shop, ({ customers }) => customers.includes('jo'));
    await notification.stop();
  });
});
