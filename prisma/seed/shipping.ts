import type { Currency } from '../../contracts/money.ts';
import type { ShippingZone } from '../../contracts/address.ts';

/** The customer's price of shipping, in minor units: flat, by zone and currency. */
export const shippingRates: readonly {
  readonly zone: ShippingZone;
  readonly amounts: Readonly<Record<Currency, number>>;
}[] = [
  { zone: 'near', amounts: { EUR: 490, USD: 549, GBP: 419 } },
  { zone: 'far', amounts: { EUR: 1490, USD: 1649, GBP: 1279 } },
  { zone: 'remote', amounts: { EUR: 2990, USD: 3290, GBP: 2569 } },
];

interface CarrierService {
  readonly carrierId: string;
  readonly method: string;
  readonly zone: ShippingZone;
  readonly maxParcelGrams: number;
  /** The carrier's price for the shop, in euro cents per parcel. */
  readonly amountPerParcel: number;
  readonly notTo?: readonly string[];
}

export const carriers: readonly { readonly carrierId: string; readonly name: string }[] = [
  { carrierId: 'letterbox', name: 'Letterbox Post' },
  { carrierId: 'northway', name: 'Northway Parcel' },
  { carrierId: 'albatross', name: 'Albatross Air' },
  { carrierId: 'granite', name: 'Granite Freight' },
];

/** No carrier serves Antarctica (AQ); only the light airmail serves Greenland (GL) and Pitcairn (PN). */
export const carrierServices: readonly CarrierService[] = [
  { carrierId: 'letterbox', method: 'book post', zone: 'near', maxParcelGrams: 2_000, amountPerParcel: 290 },
  { carrierId: 'northway', method: 'parcel', zone: 'near', maxParcelGrams: 20_000, amountPerParcel: 450 },
  { carrierId: 'granite', method: 'freight', zone: 'near', maxParcelGrams: 31_500, amountPerParcel: 1_900 },
  { carrierId: 'letterbox', method: 'airmail', zone: 'far', maxParcelGrams: 2_000, amountPerParcel: 980 },
  { carrierId: 'albatross', method: 'air parcel', zone: 'far', maxParcelGrams: 20_000, amountPerParcel: 2_900 },
  {
    carrierId: 'letterbox',
    method: 'airmail',
    zone: 'remote',
    maxParcelGrams: 2_000,
    amountPerParcel: 1_480,
    notTo: ['AQ'],
  },
  {
    carrierId: 'albatross',
    method: 'air parcel',
    zone: 'remote',
    maxParcelGrams: 20_000,
    amountPerParcel: 4_900,
    notTo: ['AQ', 'GL', 'PN'],
  },
];
