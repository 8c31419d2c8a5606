import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Broker } from '../../../broker-bridge/nats/broker.ts';
import { connectBroker } from '../../../broker-bridge/nats/connect.ts';
import { encodeEvent } from '../../../broker-bridge/intake/encode-event.ts';
import { ensureCustomerEventStream } from '../../../broker-bridge/nats/our-streams.ts';
import type { InitiatingEventName } from '../../../contracts/initiating-events.ts';
import type { OrderOutcome } from '../../../contracts/mediators/order-mediator.ts';
import { launchWorker, type WorkerProcess } from '../../support/rig/worker.ts';
import { anOrder, openShop, type Shop } from '../../support/shop.ts';
import { silentLog } from '../../support/silent-log.ts';
import { until } from '../../support/until.ts';

const mediators = ['customer-mediator', 'order-mediator', 'returns-mediator'] as const;
type Mediator = (typeof mediators)[number];

const [bought, lines] = ['c-2', [{ isbn: '9780134685991', quantity: 1 }]];

let shop: Shop;
let broker: Broker;
let order: OrderOutcome;
const running = new Map<Mediator, WorkerProcess>();

const launch = async (name: Mediator): Promise<unknown> =>
  running.set(name, await launchWorker([name], shop.rig.env, shop.rig.folder));

beforeAll(async () => {
  shop = await openShop({}, [['processors', 'intake', 'relay']]);
  broker = await connectBroker({ url: shop.rig.nats.url, name: 'test', log: silentLog });
  shop.rig.onClose(() => broker.close());
  await ensureCustomerEventStream(broker);
  await Promise.all(mediators.map(launch));
  shop.rig.onClose(async () => {
    await Promise.all([...running.values()].map((worker) => worker.stop()));
  });
  order = await shop.outcomeOf({ customerId: bought, lines: [{ isbn: '9780134685991', quantity: 3 }] });
});
afterAll(() => shop.close());

/** Puts an event on the queue; resolves with its id. */
async function send(type: InitiatingEventName, data: object): Promise<string> {
  const id = randomUUID();
  await broker.publish(encodeEvent({ id, source: 'test', type, data }));
  return id;
}

/** What shows that a mediator goes on: a customer is welcomed, an order is shipped, a return waits for its approval. */
const events: { readonly [Of in Mediator]: () => Promise<() => Promise<boolean>> } = {
  'customer-mediator': async () => {
    const customerId = `new-${randomUUID()}`;
    const id = await send('customer-registered', { customerId, name: 'Jo Berg', email: `${customerId}@example.com` });
    return () => isComplete(id);
  },
  'order-mediator': async () => {
    const id = await send('place-order', anOrder());
    return () => isComplete(id);
  },
  'returns-mediator': async () => {
    const requestId = randomUUID();
    const { orderId } = order;
    await send('return-requested', { requestId, orderId, customerId: bought, lines, reason: 'One too many.' });
    return async () =>
      (await shop.sql(`SELECT FROM returns.return WHERE request_id = $1 AND state = 'awaiting-approval'`, [requestId]))
        .length === 1;
  },
};

const isComplete = async (id: string): Promise<boolean> =>
  (await shop.sql(`SELECT FROM mediator_store.initiating_event WHERE event_id = $1 AND state = 'complete'`, [id]))
    .length === 1;

test.each(['order-mediator', 'returns-mediator'] as const)(
  'when the %s stops, the others go on with what comes on the queue; it takes its own up later',
  async (stopped) => {
    await running.get(stopped)?.kill();
    const done = new Map<Mediator, () => Promise<boolean>>();
    for (const name of mediators) done.set(name, await events[name]());
    for (const name of mediators) if (name !== stopped) await until(done.get(name)!, { what: name, within: 30_000 });
    expect(await done.get(stopped)!()).toBe(false);
    await launch(stopped);
    await until(done.get(stopped)!, { what: stopped, within: 60_000 });
  },
);

test('when the customer mediator stops, what comes on the queue is kept until it is back, and the client places orders', async () => {
  await running.get('customer-mediator')?.kill();
  const done = new Map<Mediator, () => Promise<boolean>>();
  for (const name of mediators) done.set(name, await events[name]());
  expect(await shop.outcomeOf({ customerId: bought, lines })).toMatchObject({ outcome: 'completed' });
  for (const name of mediators) expect(await done.get(name)!()).toBe(false);
  await launch('customer-mediator');
  for (const name of mediators) await until(done.get(name)!, { what: name, within: 60_000 });
});
