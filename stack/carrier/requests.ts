import { fieldsOf, fingerprintOf, isCount, isText, readKey, type KeyedRequest } from '../keyed-requests.ts';
import type { JsonRequest } from '../stand-in.ts';

interface Recipient {
  readonly name: string;
  readonly street: string;
  readonly city: string;
  readonly postcode?: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

/** The parcels of an order, as they are handed over. */
export interface Parcels {
  readonly orderId: string;
  readonly shipTo: Recipient;
  readonly parcels: number;
  readonly heaviestParcelGrams: number;
  readonly totalGrams: number;
}

export interface BookingRequest extends KeyedRequest, Parcels {}

/** Reads a booking, or says in a sentence what is wrong with it. */
export function readBooking(request: JsonRequest): BookingRequest | string {
  const key = readKey(request);
  const { orderId, shipTo, parcels, heaviestParcelGrams, totalGrams } = fieldsOf(request.body);
  const recipient = readRecipient(shipTo);
  if (typeof key === 'string') return key;
  if (!isText(orderId, 128)) return 'orderId must have 1 to 128 characters.';
  if (typeof recipient === 'string') return recipient;
  if (!isCount(parcels)) return 'parcels must be a whole number, 1 or more.';
  if (!isCount(heaviestParcelGrams)) return 'heaviestParcelGrams must be a whole number, 1 or more.';
  if (!isCount(totalGrams)) return 'totalGrams must be a whole number, 1 or more.';
  const asked = { orderId, shipTo: recipient, parcels, heaviestParcelGrams, totalGrams };
  return { ...key, ...asked, fingerprint: fingerprintOf([asked]) };
}

function readRecipient(shipTo: unknown): Recipient | string {
  const { name, street, city, postcode, country } = fieldsOf(shipTo);
  if (!isText(name, 200)) return 'shipTo.name must have 1 to 200 characters.';
  if (!isText(street, 200)) return 'shipTo.street must have 1 to 200 characters.';
  if (!isText(city, 200)) return 'shipTo.city must have 1 to 200 characters.';
  if (postcode !== undefined && !isText(postcode, 20)) return 'shipTo.postcode must have 1 to 20 characters.';
  if (typeof country !== 'string' || !/^[A-Z]{2}$/.test(country))
    return 'shipTo.country must be a code of two letters.';
  return { name, street, city, ...(postcode === undefined ? {} : { postcode }), country };
}
