import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Journal } from '../journal.ts';
import { createTries, isLive, keyReused, notNow, now, type Keyed, type TryEntry } from '../keyed-requests.ts';
import { createKeyedMutex, failure, type JsonAnswer } from '../stand-in.ts';
import type { BookingRequest, Parcels } from './requests.ts';
import { behaviourAt, cheapestService, refusalMessages, type RefusalCode } from './services.ts';

export interface CarrierSettings {
  /** The time that `1 Slow Street` takes before it is booked, in milliseconds. */
  readonly slowMs: number;
  /** The time that a key is remembered, in milliseconds; afterwards the same key books anew. */
  readonly keyLifetimeMs: number;
}

/** An entry of the carrier's journal. */
export type CarrierEntry = BookingEntry | RefusalEntry | RecallEntry | TryEntry;

export interface BookingEntry extends Keyed, Parcels {
  readonly type: 'booking';
  readonly trackingNumber: string;
  readonly carrier: string;
  readonly method: string;
  readonly fingerprint: string;
}

interface RefusalEntry extends Keyed {
  readonly type: 'refusal';
  readonly code: RefusalCode;
  readonly fingerprint: string;
}

export interface RecallEntry {
  readonly type: 'recall';
  readonly at: string;
  readonly trackingNumber: string;
}

/** Books parcels and calls them back. Nothing is answered before it is in the journal. */
export function openCarrier(journal: Journal<CarrierEntry>, settings: CarrierSettings) {
  const store = openStore(journal.entries);
  const exclusively = createKeyedMutex();
  const keep = async (entry: CarrierEntry) => {
    await journal.append(entry);
    store.enter(entry);
  };
  const context: Context = { store, keep, settings };
  return {
    book: (request: BookingRequest) => exclusively(`key ${request.idempotencyKey}`, () => book(context, request)),
    recall: (trackingNumber: string) =>
      exclusively(`shipment ${trackingNumber}`, () => recall(context, trackingNumber)),
    shipmentsOf: (orderId: string) => store.shipmentsOf(orderId),
    label: (trackingNumber: string) => labelOf(store.bookings.get(trackingNumber)),
  };
}

interface Context {
  readonly store: ReturnType<typeof openStore>;
  readonly settings: CarrierSettings;
  keep(entry: CarrierEntry): Promise<void>;
}

function openStore(entries: readonly CarrierEntry[]) {
  const byKey = new Map<string, BookingEntry | RefusalEntry>();
  const bookings = new Map<string, BookingEntry>();
  const ofOrder = new Map<string, BookingEntry[]>();
  const recalled = new Set<string>();
  const tries = createTries();
  const enter = (entry: CarrierEntry) => {
    if (entry.type === 'try') tries.enter(entry);
    else if (entry.type === 'recall') recalled.add(entry.trackingNumber);
    else byKey.set(entry.idempotencyKey, entry);
    if (entry.type !== 'booking') return;
    bookings.set(entry.trackingNumber, entry);
    ofOrder.set(entry.orderId, [...(ofOrder.get(entry.orderId) ?? []), entry]);
  };
  const show = ({ trackingNumber, idempotencyKey, orderId, carrier, method }: BookingEntry) => ({
    trackingNumber,
    idempotencyKey,
    orderId,
    carrier,
    method,
    recalled: recalled.has(trackingNumber),
  });
  for (const entry of entries) enter(entry);
  const shipmentsOf = (orderId: string) => (ofOrder.get(orderId) ?? []).map(show);
  return { byKey, bookings, tries, enter, show, shipmentsOf };
}

async function book({ store, keep, settings }: Context, request: BookingRequest): Promise<JsonAnswer> {
  const { idempotencyKey, fingerprint, orderId, shipTo, parcels, heaviestParcelGrams, totalGrams } = request;
  const known = store.byKey.get(idempotencyKey);
  if (known && isLive(known, settings.keyLifetimeMs)) {
    return known.fingerprint === fingerprint ? told(store, known) : keyReused('body');
  }
  const behaviour = behaviourAt(shipTo.street);
  if (behaviour === 'flaky' && store.tries.isEarly(idempotencyKey)) return notNow(keep, idempotencyKey);
  if (behaviour === 'slow') await pause(settings.slowMs);
  const keyed = { at: now(), idempotencyKey, fingerprint };
  const entry = decided(keyed, { orderId, shipTo, parcels, heaviestParcelGrams, totalGrams });
  await keep(entry);
  // Only the first try of a key loses its answer.
  return behaviour === 'lost-answer' && !known ? 'drop' : told(store, entry);
}

function decided(keyed: Keyed & { readonly fingerprint: string }, parcels: Parcels): BookingEntry | RefusalEntry {
  const service = cheapestService(parcels.shipTo.country, parcels.heaviestParcelGrams);
  if (typeof service === 'string') return { type: 'refusal', ...keyed, code: service };
  const trackingNumber = `TN${randomBytes(7).toString('hex').toUpperCase()}`;
  const { carrier, method } = service;
  return { type: 'booking', ...keyed, trackingNumber, carrier, method, ...parcels };
}

const told = (store: Context['store'], entry: BookingEntry | RefusalEntry): JsonAnswer =>
  entry.type === 'refusal'
    ? failure(422, entry.code, refusalMessages[entry.code])
    : { status: 201, body: store.show(entry) };

async function recall({ store, keep }: Context, trackingNumber: string): Promise<JsonAnswer> {
  const booking = store.bookings.get(trackingNumber);
  if (!booking) return failure(404, 'unknown_shipment', 'There is no such shipment.');
  const key = `recall ${trackingNumber}`;
  if (behaviourAt(booking.shipTo.street) === 'flaky-recall' && store.tries.isEarly(key)) return notNow(keep, key);
  if (!store.show(booking).recalled) await keep({ type: 'recall', at: now(), trackingNumber });
  return { status: 200, body: store.show(booking) };
}

/** A label for each parcel, as text. */
function labelOf(booking: BookingEntry | undefined): string | undefined {
  if (!booking) return undefined;
  const { carrier, method, trackingNumber, parcels, shipTo } = booking;
  const { name, street, postcode, city, country } = shipTo;
  const to = [name, street, [postcode, city].filter(Boolean).join(' '), country].join('\n');
  return Array.from(
    { length: parcels },
    (_, index) => `${carrier}, ${method}\n${trackingNumber}  ${index + 1}/${parcels}\n\n${to}\n`,
  ).join('\f');
}
