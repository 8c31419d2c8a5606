import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCarrier, type Carrier } from '../../../activities/shipping/carrier.ts';
import { createShippingStore, type ShippingStore } from '../../../activities/shipping/store.ts';
import type { ShippingProcessor, ShipOrder } from '../../../contracts/shipping.ts';
import { until } from '../../support/until.ts';
import { address, anOrderId, atOnce, expectRefusal, openWorkbench, shippingOf, type Workbench } from './workbench.ts';

let bench: Workbench;
let carrier: Carrier;
let store: ShippingStore;
let shipping: ShippingProcessor;
beforeAll(async () => {
  bench = await openWorkbench({ carrier: { slowMs: 500, keyTtlSeconds: 1 } });
  carrier = createCarrier(bench.rig.carrier.url);
  store = createShippingStore(bench.database);
  shipping = shippingOf(bench, bench.database);
});
afterAll(() => bench.close());

const shipment = (country: ShipOrder['shipTo']['country'], grams: readonly number[], street?: string): ShipOrder => {
  const orderId = anOrderId();
  return {
    requestId: `${orderId}/ship-order/1`,
    orderId,
    shipTo: { ...address(country), ...(street === undefined ? {} : { street }) },
    packed: {
      parcels: grams.length,
      heaviestParcelGrams: Math.max(...grams),
      totalGrams: grams.reduce((sum, one) => sum + one, 0),
    },
  };
};
const recall = (orderId: string) => ({ requestId: `${orderId}/recall-shipment/1`, orderId });
const undone = (command: ShipOrder) =>
  expectRefusal(shipping.shipOrder(command), 'AlreadyUndone', { requestId: command.requestId });
const reconcile = async (olderThanSeconds = 0) =>
  (await shipping.reconcileShipments({ requestId: 'reconcile/1', olderThanSeconds })).recalled;

describe('ship-order', () => {
  it.each([
    ['DE', [1_900], 'Letterbox Post', 'book post'],
    ['DE', [1_900, 2_100], 'Northway Parcel', 'parcel'],
    ['DE', [30_000], 'Granite Freight', 'freight'],
    ['US', [2_100], 'Albatross Air', 'air parcel'],
    ['GL', [2_000], 'Letterbox Post', 'airmail'],
  ] as const)(
    'has for %s and parcels of %j g the cheapest service booked that takes them, with a label for each',
    async (country, grams, name, method) => {
      const command = shipment(country, grams);
      const { trackingNumber, ...chosen } = await shipping.shipOrder(command);
      expect(chosen).toEqual({ carrier: name, method });
      expect(bench.rig.carrier.underWay(command.orderId)).toMatchObject([{ trackingNumber, parcels: grams.length }]);
      const label = await (await fetch(new URL(`/labels/${trackingNumber}`, bench.rig.carrier.url))).text();
      expect(label.split('\f')).toHaveLength(grams.length);
      expect(label).toContain(
        `${trackingNumber}  1/${grams.length}\n\nAnna Lindqvist\n1 Harbour Street\n20457 Hamburg`,
      );
    },
  );

  it.each([
    ['AQ', 100],
    ['GL', 2_001],
    ['US', 20_001],
    ['DE', 31_501],
  ] as const)('refuses to take %s a parcel of %i g, and refuses it again', async (country, grams) => {
    const command = shipment(country, [50, grams]);
    const details = { country, heaviestParcelGrams: grams };
    await expectRefusal(shipping.shipOrder(command), 'Undeliverable', details);
    await expectRefusal(shipping.shipOrder(command), 'Undeliverable', details);
    expect(await bench.factsOf(command.orderId)).toEqual(['shipment-denied']);
    expect(await bench.sql('SELECT FROM shipping.shipment WHERE order_id = $1', [command.orderId])).toEqual([]);
  });

  it('books one shipment when asked 20 times at once, and calls it back once', async () => {
    const command = shipment('DE', [500]);
    const answers = await atOnce(20, () => shipping.shipOrder(command));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(bench.rig.carrier.bookings(command.orderId)).toHaveLength(1);
    const recalls = await atOnce(20, () => shipping.recallShipment(recall(command.orderId)));
    expect(recalls).toEqual(recalls.map(() => ({ recalled: true })));
    expect(bench.rig.carrier.underWay(command.orderId)).toEqual([]);
    expect(await bench.factsOf(command.orderId)).toEqual(['order-shipped', 'shipment-recalled']);
  });

  it('gets through to a flaky carrier on the third attempt, and books once', async () => {
    const command = shipment('DE', [500], '1 Flaky Street');
    for (const _ of [1, 2]) await expect(shipping.shipOrder(command)).rejects.toThrow('503 to POST /shipments');
    await shipping.shipOrder(command);
    expect(bench.rig.carrier.bookings(command.orderId)).toHaveLength(1);
  });

  it('finds a booking whose answer was lost, also when the carrier has forgotten the key', async () => {
    const command = shipment('DE', [500], '1 Lost Answer Street');
    await expect(shipping.shipOrder(command)).rejects.toThrow('carrier did not answer to POST /shipments');
    const [made] = bench.rig.carrier.bookings(command.orderId);
    await until(() => Date.now() - Date.parse(`${made?.at}`) > 1_100, { what: 'the key to be forgotten' });
    expect((await shipping.shipOrder(command)).trackingNumber).toBe(made?.trackingNumber);
    expect(bench.rig.carrier.bookings(command.orderId)).toHaveLength(1);
  });

  it('calls back the second of two bookings under one request id', async () => {
    const command = shipment('DE', [500]);
    await store.begin(command);
    const bookedTwice = async () => {
      await carrier.book(command);
      return (await carrier.shipmentsOf(command.orderId)).length === 2;
    };
    await until(bookedTwice, { what: 'the key to be forgotten' });
    const { trackingNumber } = await shipping.shipOrder(command);
    const others = bench.rig.carrier.bookings(command.orderId).filter((one) => one.trackingNumber !== trackingNumber);
    expect(others).toHaveLength(1);
    expect(bench.rig.carrier.underWay(command.orderId)).toMatchObject([{ trackingNumber }]);
  });

  it('is a fault without the address in its message while the carrier is away, and goes through when it is back', async () => {
    const command = shipment('DE', [500]);
    await bench.rig.carrier.kill();
    const error = await shipping.shipOrder(command).catch((thrown: unknown) => thrown);
    expect(String(error)).toContain('carrier did not answer to POST /shipments');
    expect(String(error)).not.toContain('Harbour');
    await bench.rig.carrier.start();
    await shipping.shipOrder(command);
    expect(bench.rig.carrier.bookings(command.orderId)).toHaveLength(1);
  });

  it('is a lasting fault when the carrier has called the shipment back by itself', async () => {
    const command = shipment('DE', [500]);
    await store.begin(command);
    const [booked] = await carrier.book(command);
    await carrier.recall(`${booked?.trackingNumber}`);
    await expect(shipping.shipOrder(command)).rejects.toMatchObject({
      type: 'LastingFault',
      message: `The carrier has called back ${booked?.trackingNumber}, which this command had booked.`,
    });
  });
});

describe('recall-shipment', () => {
  it('calls back nothing when nothing was shipped', async () => {
    const nothing = anOrderId();
    expect(await shipping.recallShipment(recall(nothing))).toEqual({ recalled: false });
    expect(await bench.factsOf(nothing)).toEqual([]);
  });

  it('calls back a shipment that was booked and never reported, and reports it first', async () => {
    const command = shipment('DE', [500]);
    await store.begin(command);
    await carrier.book(command);
    expect(await shipping.recallShipment(recall(command.orderId))).toEqual({ recalled: true });
    expect(bench.rig.carrier.underWay(command.orderId)).toEqual([]);
    expect(await bench.factsOf(command.orderId)).toEqual(['order-shipped', 'shipment-recalled']);
    await undone(command);
  });

  it('has a booking that is under way at the carrier called back as soon as it is made', async () => {
    const command = shipment('DE', [500], '1 Slow Street');
    const booking = undone(command);
    await until(async () => (await bench.sql('SELECT FROM shipping.guard WHERE order_id = $1', [command.orderId]))[0], {
      what: 'the intent',
    });
    expect(await shipping.recallShipment(recall(command.orderId))).toEqual({ recalled: false });
    await booking;
    expect(bench.rig.carrier.bookings(command.orderId)).toHaveLength(1);
    expect(bench.rig.carrier.underWay(command.orderId)).toEqual([]);
    expect(await bench.factsOf(command.orderId)).toEqual(['order-shipped', 'shipment-recalled']);
  });

  it('gets through to a carrier that fails, and goes on where it was cut off', async () => {
    const command = shipment('DE', [500], '1 Flaky Recall Street');
    await shipping.shipOrder(command);
    const again = () => shipping.recallShipment(recall(command.orderId));
    for (const _ of [1, 2]) await expect(again()).rejects.toThrow('503 to POST /shipments');
    const [booked] = await carrier.shipmentsOf(command.orderId);
    await carrier.recall(`${booked?.trackingNumber}`);
    expect(await again()).toEqual({ recalled: true });
    expect(await bench.factsOf(command.orderId)).toEqual(['order-shipped', 'shipment-recalled']);
  });
});

describe('reconcile-shipments', () => {
  it('calls back a shipment that was booked after the compensation had looked, when its worker is dead', async () => {
    const late = shipment('DE', [500]);
    await store.begin(late);
    await shipping.recallShipment(recall(late.orderId));
    await carrier.book(late);
    expect(bench.rig.carrier.underWay(late.orderId)).toHaveLength(1);
    expect(await reconcile(60)).toEqual([]);
    expect(await reconcile()).toEqual([late.orderId]);
    expect(bench.rig.carrier.underWay(late.orderId)).toEqual([]);
    expect(await bench.factsOf(late.orderId)).toEqual(['order-shipped', 'shipment-recalled']);
    expect(await reconcile()).toEqual([]);
  });

  it('leaves alone what may still settle, and forgets an intent without a shipment after a day', async () => {
    const [open, over] = [shipment('DE', [500]), shipment('DE', [500])];
    await store.begin(open);
    await carrier.book(open);
    await store.begin(over);
    await shipping.recallShipment(recall(over.orderId));
    await bench.sql(`UPDATE shipping.shipment SET intended_at = now() - interval '2 days' WHERE order_id = $1`, [
      over.orderId,
    ]);
    expect(await reconcile()).toEqual([]);
    expect(await bench.sql('SELECT FROM shipping.shipment WHERE order_id = $1', [over.orderId])).toEqual([]);
    expect(bench.rig.carrier.underWay(open.orderId)).toHaveLength(1);
  });
});
