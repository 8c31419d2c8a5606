import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectBroker } from '../../../broker-bridge/nats/connect.ts';
import { encodeEvent } from '../../../broker-bridge/intake/encode-event.ts';
import { ensureCustomerEventStream } from '../../../broker-bridge/nats/our-streams.ts';
import type { Broker } from '../../../broker-bridge/nats/broker.ts';
import { rowOf } from '../../support/queued-event.ts';
import { anOrder, openShop, type Shop } from '../../support/shop.ts';
import { silentLog } from '../../support/silent-log.ts';
import { until } from '../../support/until.ts';

const address = { name: 'Jo Berg', street: '2 Hill Road', city: 'Bergen', postcode: '5003', country: 'NO' };

let shop: Shop;
let broker: Broker;
beforeAll(async () => {
  shop = await openShop({}, [['order-mediator', 'customer-mediator', 'workflow-processor', 'processors', 'intake']]);
  broker = await connectBroker({ url: shop.rig.nats.url, name: 'test', log: silentLog });
  shop.rig.onClose(() => broker.close());
  await ensureCustomerEventStream(broker);
});
afterAll(() => shop.close());

async function send(type: string, data: object, partitionkey?: string): Promise<string> {
  const id = randomUUID();
  await broker.publish(encodeEvent({ id, source: 'web-shop', type, data, partitionkey }));
  return id;
}

const becomes = (id: string, state: string) =>
  until(async () => (await rowOf(shop, id).catch(() => undefined))?.state === state, {
    within: 30_000,
    what: `${id} to be ${state}`,
  });

const flowOf = (requestId: string) => shop.sql('SELECT FROM mediator_store.flow WHERE request_id = $1', [requestId]);

const refusals = async () =>
  (await shop.rig.smtpSink.mails()).filter(({ subject }) => subject === 'We could not take your order');

describe('an order that a client places', () => {
  it('waits for the change of address that was recorded before it, and is placed once', async () => {
    const letGo = await shop.holdTables('order_placement.answer');
    const id = await send('address-changed', { customerId: 'c-2', address });
    await becomes(id, 'started');
    const requestId = `busy-${randomUUID()}`;
    const placing = shop.place({ customerId: 'c-2', requestId });
    const mediator = shop.client.workflow.getHandle(`order/${requestId}`);
    const hasWaited = async () =>
      ((await mediator.fetchHistory()).events ?? []).some(({ timerFiredEventAttributes: fired }) => fired);
    await until(hasWaited, { what: 'the mediator to ask again' });
    expect(await flowOf(requestId)).toEqual([]);
    await letGo();
    const placed = await placing;
    expect(await rowOf(shop, id)).toMatchObject({ state: 'complete' });
    expect(await shop.end(placed)).toMatchObject({ outcome: 'completed' });
    expect(shop.rig.cardGateway.charges(placed.orderId)).toHaveLength(1);
  });

  it('does not wait for what waits for a repair case itself', async () => {
    const bad = await send('address-changed', { customerId: 'c-3', address: { ...address, postcode: '' } });
    const behind = await send('address-changed', { customerId: 'c-3', address });
    await becomes(bad, 'dead-lettered');
    await becomes(behind, 'received');
    expect(await shop.outcomeOf({ customerId: 'c-3' })).toMatchObject({ outcome: 'completed' });
    expect(await rowOf(shop, behind)).toMatchObject({ state: 'received' });
  });
});

describe('an event of a name that the shop does not know', () => {
  it('holds up the later ones of its customer, and nobody else, until its case is discarded', async () => {
    const unknown = await send('address-forgotten', {}, 'c-4');
    const behind = await send('address-changed', { customerId: 'c-4', address });
    await becomes(unknown, 'dead-lettered');
    const metadata = '__temporal_workflow_metadata';
    const mediator = shop.client.workflow.getHandle('customer/c-4');
    const details = async () => (await mediator.query<{ currentDetails: string }>(metadata)).currentDetails;
    const { case_id: caseId } = await rowOf(shop, unknown);
    await until(async () => (await details()).includes(`**Waits** for the repair case ${caseId}`), { what: 'details' });
    expect(await details()).toContain(`address-changed web-shop ${behind}`);
  });
});

describe('a queued order that is refused', () => {
  it('is told by a fact with its origin and its case, and by a mail to the customer', async () => {
    const order = anOrder({ customerId: 'c-5', lines: [{ isbn: '9780000000002', quantity: 1 }] });
    const id = await send('place-order', order);
    await becomes(id, 'dead-lettered');
    const { case_id: caseId } = await rowOf(shop, id);
    const [fact] = await shop.sql<{ body: object; area: string }>(
      `SELECT area, body FROM outbox.fact WHERE name = 'event-refused' AND key = 'c-5'`,
    );
    expect(fact).toEqual({
      area: 'customers',
      body: { customerId: 'c-5', name: 'place-order', source: 'web-shop', id, reason: 'UnknownTitle', caseId },
    });
    const told = await until(
      async () => {
        const mails = await refusals();
        return mails.length > 0 && mails;
      },
      { what: 'the mail' },
    );
    expect(told).toHaveLength(1);
    expect(told[0]?.text).toContain('The catalogue does not have 9780000000002.');
  });

  it('tells a client that places such an order nothing of the customer', async () => {
    const placing = shop.place({ customerId: 'c-5', lines: [{ isbn: '9780000000002', quantity: 1 }] });
    const error = await placing.catch((failure: unknown) => failure);
    const [customer] = await shop.sql<{ email: string }>(
      `SELECT email FROM order_placement.customer WHERE customer_id = 'c-5'`,
    );
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(customer?.email);
    expect(await refusals()).toHaveLength(1);
  });
});
