import { shippingZones, type Country, type ShippingZone } from '../../contracts/address.ts';

/** A service to the countries of a zone: parcels up to a weight, at a price per parcel. */
interface Service {
  readonly carrier: string;
  readonly method: string;
  readonly zone: ShippingZone;
  readonly maxParcelGrams: number;
  /** Euro cents per parcel. */
  readonly amountPerParcel: number;
  readonly notTo?: readonly Country[];
}

/** No service goes to Antarctica (AQ); only the light airmail serves Greenland (GL) and Pitcairn (PN). */
const services: readonly Service[] = [
  { carrier: 'Letterbox Post', method: 'book post', zone: 'near', maxParcelGrams: 2_000, amountPerParcel: 290 },
  { carrier: 'Northway Parcel', method: 'parcel', zone: 'near', maxParcelGrams: 20_000, amountPerParcel: 450 },
  { carrier: 'Granite Freight', method: 'freight', zone: 'near', maxParcelGrams: 31_500, amountPerParcel: 1_900 },
  { carrier: 'Letterbox Post', method: 'airmail', zone: 'far', maxParcelGrams: 2_000, amountPerParcel: 980 },
  { carrier: 'Albatross Air', method: 'air parcel', zone: 'far', maxParcelGrams: 20_000, amountPerParcel: 2_900 },
  {
    carrier: 'Letterbox Post',
    method: 'airmail',
    zone: 'remote',
    maxParcelGrams: 2_000,
    amountPerParcel: 1_480,
    notTo: ['AQ'],
  },
  {
    carrier: 'Albatross Air',
    method: 'air parcel',
    zone: 'remote',
    maxParcelGrams: 20_000,
    amountPerParcel: 4_900,
    notTo: ['AQ', 'GL', 'PN'],
  },
];

/** The reason for which a shipment is refused. */
export type RefusalCode = 'country_not_served' | 'too_heavy';

/** Chooses the cheapest service that takes the heaviest parcel to the country. */
export function cheapestService(country: string, heaviestParcelGrams: number): Service | RefusalCode {
  const zone = Object.hasOwn(shippingZones, country) ? shippingZones[country as Country] : undefined;
  const there = services.filter((one) => one.zone === zone && !one.notTo?.some((not) => not === country));
  if (there.length === 0) return 'country_not_served';
  const [cheapest] = there
    .filter(({ maxParcelGrams }) => maxParcelGrams >= heaviestParcelGrams)
    .toSorted((one, other) => one.amountPerParcel - other.amountPerParcel);
  return cheapest ?? 'too_heavy';
}

/** The carrier's sentence with each refusal. */
export const refusalMessages: Readonly<Record<RefusalCode, string>> = {
  country_not_served: 'No service goes to that country.',
  too_heavy: 'No service to that country takes so heavy a parcel.',
};

/** The carrier's ways of answering, chosen by the recipient's street, as the gateway's are by the card. */
export type StreetBehaviour = 'flaky' | 'slow' | 'lost-answer' | 'flaky-recall';

const streets: Readonly<Record<string, StreetBehaviour>> = {
  '1 Flaky Street': 'flaky',
  '1 Slow Street': 'slow',
  '1 Lost Answer Street': 'lost-answer',
  '1 Flaky Recall Street': 'flaky-recall',
};

export const behaviourAt = (street: string): StreetBehaviour | undefined =>
  Object.hasOwn(streets, street) ? streets[street] : undefined;
