import type { FactName } from '../facts.ts';
import {
  isbn,
  list,
  money,
  object,
  orderId,
  text,
  wholeNumber,
  whoReorders,
  type CatalogueEntry,
} from './fact-fields.ts';

const purchaseOrderId = text('the purchase order');
const purchase = { isbn: '9780201633610', purchaseOrderId: 'po-1', quantity: 120 };

/** The facts of titles; the key is the ISBN. */
export const stockFacts = {
  'stock-low': {
    version: 1,
    when: 'An order has taken pieces, and what is on hand and on order of the title has come down to its reorder point. It is told again by every further order until the title is on order.',
    by: 'restock',
    schema: object({
      isbn,
      onHand: wholeNumber('free pieces'),
      onOrder: wholeNumber('pieces that open purchase orders have still to bring'),
      reorderPoint: wholeNumber('pieces'),
      asOf: text('ISO 8601; when it was so'),
      orderId: orderId.describe('the order that took pieces'),
      reorderedBy: whoReorders,
    }),
    example: {
      isbn: purchase.isbn,
      onHand: 38,
      onOrder: 0,
      reorderPoint: 40,
      asOf: '2026-11-23T10:15:30.250Z',
      orderId: 'ord-0123456789abcdef0123',
      reorderedBy: 'listeners',
    },
  },
  'stock-ordered': {
    version: 1,
    when: 'The supplier has a purchase order for the title.',
    by: 'warehouse',
    schema: object({
      isbn,
      purchaseOrderId,
      quantity: wholeNumber('pieces'),
      orderId: orderId.describe('the order that led to it'),
    }),
    example: { ...purchase, orderId: 'ord-0123456789abcdef0123' },
  },
  'stock-replenished': {
    version: 1,
    when: 'A delivery is booked.',
    by: 'inventory',
    schema: object({
      isbn,
      purchaseOrderId,
      quantity: wholeNumber('pieces of this delivery'),
      onHand: wholeNumber('free pieces after it; those put aside for waiting orders do not count'),
    }),
    example: { ...purchase, onHand: 121 },
  },
  'price-changed': {
    version: 1,
    when: 'The price of the title in one currency is another one than before. Orders that are placed keep theirs.',
    by: 'order-placement',
    schema: object({
      isbn,
      price: money('from now on'),
      before: money('until then, in the same currency'),
      prices: list('the title’s price in every currency that it is sold in', money('one of them')),
    }),
    example: {
      isbn: purchase.isbn,
      price: { amount: 2100, currency: 'EUR' },
      before: { amount: 2490, currency: 'EUR' },
      prices: [
        { amount: 2100, currency: 'EUR' },
        { amount: 2150, currency: 'GBP' },
        { amount: 2690, currency: 'USD' },
      ],
    },
  },
} as const satisfies { readonly [Name in FactName]?: CatalogueEntry<Name> };
