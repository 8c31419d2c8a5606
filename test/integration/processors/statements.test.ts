import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../prisma/database.ts';
import { createOrderRecords } from '../../../activities/mediator-store/order-records.ts';
import { createInventoryProcessor } from '../../../activities/inventory/processor.ts';
import { createOrderFulfillmentProcessor } from '../../../activities/order-fulfillment/processor.ts';
import { createOrderPlacementProcessor } from '../../../activities/order-placement/processor.ts';
import { createNotificationStore } from '../../../activities/notification/store.ts';
import { createPaymentStore } from '../../../activities/payment/store.ts';
import { createWarehouseStore } from '../../../activities/warehouse/store.ts';
import { address, anOrderId, isbns, openWorkbench, shippingOf, type Workbench } from './workbench.ts';
import { policyOf } from '../../support/policies.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({ carrier: true });
});
afterAll(() => bench.close());

const orderId = anOrderId();
const about = (command: string) => ({ requestId: `${orderId}/${command}`, orderId });
const lines = [{ isbn: isbns.plenty, quantity: 1 }];
const taking = { ...about('adjust-inventory'), round: 1, lines, orWait: true, workflowId: `order/${orderId}` };
const packed = { parcels: 1, heaviestParcelGrams: 720, totalGrams: 720 };
const charge = {
  ...about('apply-payment'),
  round: 1,
  amount: { amount: 100, currency: 'EUR' },
  card: 'card_ok',
} as const;
const mail = { ...about('email-customer'), kind: 'confirmation', customerId: 'c-1' } as never;
const event = {
  requestId: orderId,
  customerId: 'c-1',
  lines,
  card: 'x',
  shipTo: address(),
  currency: 'EUR',
} as const;
const end = {
  requestId: orderId,
  outcome: 'completed',
  reason: null,
  total: { amount: 1, currency: 'EUR' },
} as const;

it.each<[string, number, (database: Database) => Promise<unknown>]>([
  ['create-order', 1, (db) => createOrderPlacementProcessor(db).createOrder({ ...event, ...about('create-order') })],
  [
    'amend-order',
    1,
    (db) => createOrderPlacementProcessor(db).amendOrder({ ...about('amend-order'), lines, shipTo: address() }),
  ],
  ['apply-payment begins', 1, (db) => createPaymentStore(db).begin(charge)],
  [
    'apply-payment settles',
    1,
    (db) => createPaymentStore(db).settle(charge, { charged: { chargeId: 'ch-1', amount: charge.amount } }),
  ],
  ['adjust-inventory', 1, (db) => createInventoryProcessor(db).adjustInventory(taking)],
  ['email-customer claims', 1, (db) => createNotificationStore(db).claim(mail, '<1@example.com>')],
  ['email-customer marks', 1, (db) => createNotificationStore(db).ended(mail, 'sent')],
  ['fulfill-order', 2, (db) => createOrderFulfillmentProcessor(db).fulfillOrder({ ...about('fulfill-order'), lines })],
  ['order-stock with nothing low', 1, (db) => createWarehouseStore(db).begin({ ...about('order-stock'), levels: [] })],
  ['ship-order', 2, (db) => shippingOf(bench, db).shipOrder({ ...about('ship-order'), shipTo: address(), packed })],
  ['release-inventory', 4, (db) => createInventoryProcessor(db).releaseInventory(about('release-inventory'))],
  ['recall-shipment', 3, (db) => shippingOf(bench, db).recallShipment(about('recall-shipment'))],
  ['unpack-order', 2, (db) => createOrderFulfillmentProcessor(db).unpackOrder(about('unpack-order'))],
  ['cancel-order', 2, (db) => createOrderPlacementProcessor(db).cancelOrder({ ...about('cancel-order'), reason: 'x' })],
  ['an answer given again', 2, (db) => createInventoryProcessor(db).adjustInventory(taking)],
  [
    'receiving an order',
    1,
    (db) =>
      createOrderRecords(db).receiveOrder({
        event,
        bodyHash: 'h',
        mediatorClass: 'hard',
        policy: policyOf(),
        workflowId: `order/${orderId}`,
      }),
  ],
  [
    'finishing an order',
    1,
    async (db) => {
      const [row] = await bench.sql<{ order_id: string }>('SELECT order_id FROM mediator_store.flow');
      return createOrderRecords(db).finishOrder({ ...end, orderId: row?.order_id ?? '', steps: [] });
    },
  ],
])('%s: %i', async (_, statements, call) => {
  expect(await bench.statementsOf(call)).toBe(statements);
});
