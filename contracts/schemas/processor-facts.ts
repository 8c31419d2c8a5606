import type { FactName } from '../facts.ts';
import {
  isbn,
  list,
  money,
  object,
  orderId,
  orderLines,
  text,
  wholeNumber,
  whoReorders,
  type CatalogueEntry,
} from './fact-fields.ts';
import { examples } from './fact-examples.ts';

const { order, pieces, eur, title } = examples;

/** The facts that processors tell of an order's money and goods; the key is the order id. */
export const processorFacts = {
  'payment-applied': {
    version: 1,
    when: 'The card was charged.',
    by: 'payment',
    schema: object({ orderId, chargeId: text('the gateway’s id'), amount: money('charged by this charge') }),
    example: { ...order, chargeId: 'ch_1', amount: eur },
  },
  'payment-denied': {
    version: 1,
    when: 'The card’s issuer has declined.',
    by: 'payment',
    schema: object({ orderId, reason: text('the gateway’s word'), amount: money('that was asked for') }),
    example: { ...order, reason: 'insufficient_funds', amount: eur },
  },
  'payment-refunded': {
    version: 1,
    when: 'Money went back to the card.',
    by: 'payment',
    schema: object({ orderId, amount: money('that went back now') }),
    example: { ...order, amount: eur },
  },
  'inventory-updated': {
    version: 2,
    when: 'The order has its pieces, all of them; after an amendment again.',
    by: 'inventory',
    schema: object({
      orderId,
      lines: orderLines('what the order has taken in all'),
      levels: list(
        'what is left of each title',
        object({
          isbn,
          onHand: wholeNumber('free pieces'),
          onOrder: wholeNumber('pieces that open purchase orders have still to bring').optional(),
          reorderPoint: wholeNumber(
            'to be re-ordered at that many or fewer; titles without a rule have none',
          ).optional(),
        }),
      ),
      reorderedBy: whoReorders.optional(),
    }),
    example: {
      ...order,
      lines: pieces,
      levels: [{ isbn: title, onHand: 38, onOrder: 0, reorderPoint: 40 }],
      reorderedBy: 'listeners',
    },
  },
  'inventory-denied': {
    version: 1,
    when: 'Titles do not suffice: nothing was taken.',
    by: 'inventory',
    schema: object({
      orderId,
      short: list('the titles', object({ isbn, wanted: wholeNumber('pieces'), onHand: wholeNumber('free pieces') })),
    }),
    example: { ...order, short: [{ isbn: title, wanted: 50, onHand: 38 }] },
  },
  'inventory-released': {
    version: 1,
    when: 'A compensation has put pieces back.',
    by: 'inventory',
    schema: object({ orderId, lines: orderLines('what went back') }),
    example: { ...order, lines: pieces },
  },
  'inventory-restocked': {
    version: 1,
    when: 'Returned pieces are on the shelf again.',
    by: 'inventory',
    schema: object({ orderId, lines: orderLines('what came back') }),
    example: { ...order, lines: pieces },
  },
  'order-fulfilled': {
    version: 1,
    when: 'The order is packed.',
    by: 'order-fulfillment',
    schema: object({
      orderId,
      parcels: wholeNumber('parcels'),
      heaviestParcelGrams: wholeNumber('grams'),
      totalGrams: wholeNumber('grams'),
    }),
    example: { ...order, parcels: 1, heaviestParcelGrams: 1800, totalGrams: 1800 },
  },
  'packing-denied': {
    version: 1,
    when: 'The order cannot be packed: weights are not known.',
    by: 'order-fulfillment',
    schema: object({ orderId, isbns: list('the titles without a weight', isbn) }),
    example: { ...order, isbns: [title] },
  },
  'order-unpacked': {
    version: 1,
    when: 'A compensation has unpacked the order.',
    by: 'order-fulfillment',
    schema: object({ orderId, parcels: wholeNumber('parcels') }),
    example: { ...order, parcels: 1 },
  },
  'order-shipped': {
    version: 1,
    when: 'The carrier has booked the shipment.',
    by: 'shipping',
    schema: object({
      orderId,
      carrier: text('its name'),
      method: text('of delivery'),
      trackingNumber: text('the carrier’s'),
    }),
    example: { ...order, carrier: 'Postal', method: 'parcel', trackingNumber: 'PO123456789' },
  },
  'shipment-denied': {
    version: 1,
    when: 'The carrier takes no such parcel to that country.',
    by: 'shipping',
    schema: object({
      orderId,
      country: text('ISO 3166-1 alpha-2, of the delivery address'),
      heaviestParcelGrams: wholeNumber('grams'),
    }),
    example: { ...order, country: 'IS', heaviestParcelGrams: 31_000 },
  },
  'shipment-recalled': {
    version: 1,
    when: 'A compensation has called the shipment back.',
    by: 'shipping',
    schema: object({ orderId, trackingNumber: text('the carrier’s') }),
    example: { ...order, trackingNumber: 'PO123456789' },
  },
} as const satisfies { readonly [Name in FactName]?: CatalogueEntry<Name> };
