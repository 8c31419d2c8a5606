/**
 * The countries an order may name, by ISO 3166-1 alpha-2 code, with their shipping zone.
 * The zone decides the flat shipping rate (order-placement) and which carriers go there (shipping).
 */
export const shippingZones = {
  AT: 'near', BE: 'near', CH: 'near', CZ: 'near', DE: 'near', DK: 'near', ES: 'near', FI: 'near', FR: 'near', GB: 'near',
  GR: 'near', HU: 'near', IE: 'near', IS: 'near', IT: 'near', LU: 'near', NL: 'near', NO: 'near', PL: 'near', PT: 'near', SE: 'near',
  AR: 'far', AU: 'far', BR: 'far', CA: 'far', CL: 'far', IN: 'far', JP: 'far', KE: 'far', KR: 'far', MX: 'far', NZ: 'far', SG: 'far', US: 'far', ZA: 'far',
  AQ: 'remote', FK: 'remote', GL: 'remote', PN: 'remote',
} as const; // prettier-ignore

/** The code of a country the shop delivers to. */
export type Country = keyof typeof shippingZones;

/** A group of countries with one flat shipping rate. */
export type ShippingZone = (typeof shippingZones)[Country];

/** A postal address. Every field is one line of text; `postcode` is at most 20 characters, the others at most 200. */
export interface Address {
  readonly name: string;
  readonly street: string;
  readonly city: string;
  readonly postcode: string;
  readonly country: Country;
}
