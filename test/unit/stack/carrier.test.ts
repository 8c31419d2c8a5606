import { expect, test } from 'vitest';
import { openCarrier, type CarrierEntry, type CarrierSettings } from '../../../stack/carrier/carrier.ts';
import { readBooking } from '../../../stack/carrier/requests.ts';
import { cheapestService } from '../../../stack/carrier/services.ts';

const shipTo = { name: 'Anna', street: '1 Harbour Street', city: 'Hamburg', postcode: '20457', country: 'DE' };
const parcels = { orderId: 'ord-1', shipTo, parcels: 1, heaviestParcelGrams: 700, totalGrams: 700 };

/** A carrier whose ledger is kept in memory. */
function carrierOf(entries: CarrierEntry[] = [], settings: Partial<CarrierSettings> = {}) {
  const append = (entry: CarrierEntry) => Promise.resolve(void entries.push(entry));
  const journal = { entries, append, close: () => Promise.resolve() };
  const carrier = openCarrier(journal, { slowMs: 1, keyLifetimeMs: 60_000, ...settings });
  const book = (body: object = parcels, key = 'key-1') => {
    const read = readBooking({ headers: { 'idempotency-key': key }, body });
    return typeof read === 'string' ? Promise.reject(new Error(read)) : carrier.book(read);
  };
  return { ...carrier, entries, book };
}

test('the same key books once and gets the same shipment, also when it comes twice at the same time', async () => {
  const carrier = carrierOf();
  const [one, two] = await Promise.all([carrier.book(), carrier.book()]);
  expect(one).toEqual(two);
  expect(one).toMatchObject({ status: 201, body: { carrier: 'Letterbox Post', recalled: false } });
  expect(carrier.entries).toHaveLength(1);
});

test('a live key with another body is refused with 409; one that has expired books anew', async () => {
  const carrier = carrierOf();
  await carrier.book();
  expect(await carrier.book({ ...parcels, totalGrams: 800 })).toMatchObject({ status: 409 });
  const forgetful = carrierOf([], { keyLifetimeMs: 0 });
  await forgetful.book();
  await forgetful.book();
  expect(forgetful.shipmentsOf('ord-1')).toHaveLength(2);
});

test('a ledger that is read again gives the same answers, recalls and tries included', async () => {
  const before = carrierOf();
  await before.book();
  const [booked] = before.shipmentsOf('ord-1');
  await before.recall(`${booked?.trackingNumber}`);
  await before.book({ ...parcels, shipTo: { ...shipTo, street: '1 Flaky Street' } }, 'key-2');
  const after = carrierOf([...before.entries]);
  expect(after.shipmentsOf('ord-1')).toEqual([{ ...booked, recalled: true }]);
  expect(await after.book()).toMatchObject({ status: 201, body: { recalled: true } });
  const flaky = () => after.book({ ...parcels, shipTo: { ...shipTo, street: '1 Flaky Street' } }, 'key-2');
  expect(await flaky()).toMatchObject({ status: 503 });
  expect(await flaky()).toMatchObject({ status: 201 });
});

test('a shipment is recalled once, and one that is not there is not', async () => {
  const carrier = carrierOf();
  await carrier.book();
  const trackingNumber = `${carrier.shipmentsOf('ord-1')[0]?.trackingNumber}`;
  for (const _ of [1, 2])
    expect(await carrier.recall(trackingNumber)).toMatchObject({ status: 200, body: { recalled: true } });
  expect(carrier.entries.map(({ type }) => type)).toEqual(['booking', 'recall']);
  expect(await carrier.recall('TN0')).toMatchObject({ status: 404 });
});

test('a refusal says why, and is given again', async () => {
  const carrier = carrierOf();
  for (const _ of [1, 2])
    expect(await carrier.book({ ...parcels, shipTo: { ...shipTo, country: 'AQ' } })).toMatchObject({ status: 422 });
  expect(carrier.entries).toMatchObject([{ type: 'refusal', code: 'country_not_served' }]);
  expect(cheapestService('DE', 31_501)).toBe('too_heavy');
  expect(cheapestService('XX', 1)).toBe('country_not_served');
});

test.each([
  [{ parcels: 0 }],
  [{ heaviestParcelGrams: '700' }],
  [{ totalGrams: 0.5 }],
  [{ orderId: '' }],
  [{ shipTo: { ...shipTo, country: 'Germany' } }],
  [{ shipTo: { ...shipTo, name: '' } }],
  [{ shipTo: null }],
])('a booking with %j is refused with a sentence', (wrong) =>
  expect(readBooking({ headers: { 'idempotency-key': 'k' }, body: { ...parcels, ...wrong } })).toMatch(/ must /),
);
