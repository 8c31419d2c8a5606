/**
 * The countries an order may name, by ISO 3166-1 alpha-2 code, with their shipping zone.
 * The zone decides the flat shipping rate (order-placement) and which carriers go there (shipping).
 */
export const shippingZones = {
  AT: 'near', BE: 'near', CH: 'near', CZ: 'near', DE: 'near', DK: 'near', ES: 'near', FI: 'near', FR: 'near', GB: 'near',
  GR: 'near', HU: 'near', IE: 'near', IS: 'near', IT: 'near', LU: 'near', NL: 'near', NO: 'near', PL: 'near', PT: 'near', SE: 'near',
  AE: 'far', AR: 'far', AU: 'far', BR: 'far', CA: 'far', CL: 'far', HK: 'far', IN: 'far', JP: 'far', KE: 'far', KR: 'far', MX: 'far', NZ: 'far', SG: 'far', US: 'far', ZA: 'far',
  AQ: 'remote', FK: 'remote', GL: 'remote', PN: 'remote',
} as const; // prettier-ignore

/** The code of a country the shop delivers to. */
export type Country = keyof typeof shippingZones;

/** A group of countries with one flat shipping rate. */
export type ShippingZone = (typeof shippingZones)[Country];

/**
 * The countries where mail goes without a postcode: there is none (AE, HK), or it need not be given. By the address
 * data of libaddressinput, where the field is missing or not required.
 */
const withoutPostcode: ReadonlySet<Country> = new Set(['AE', 'AQ', 'AR', 'CL', 'HK', 'IE', 'IS', 'KE']);

/** True for a country whose addresses need a postcode. */
export const needsPostcode = (country: Country): boolean => !withoutPostcode.has(country);

/** The address on one line. */
export const addressLine = ({ name, street, postcode, city, country }: Address): string =>
  [name, street, postcode === undefined ? city : `${postcode} ${city}`, country].join(', ');

/** A postal address. Every field is one line of text; `postcode` is at most 20 characters, the others at most 200. */
export interface Address {
  readonly name: string;
  readonly street: string;
  readonly city: string;
  /** Left out only where the country does without. */
  readonly postcode?: string;
  readonly country: Country;
}
