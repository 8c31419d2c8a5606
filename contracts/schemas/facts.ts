import { z } from 'zod';
import type { FactName } from '../facts.ts';
import { currency } from './order-fields.ts';
import { notAnObject, problemsIn, type Problem } from './problem.ts';
import { isIsbn13 } from '../ids.ts';

const text = z.string({ error: 'must be text' }).min(1, { error: 'must not be empty' });
const wholeNumber = z.int({ error: 'must be a whole number' }).min(0, { error: 'must not be below 0' });
const isbn = text.refine(isIsbn13, { error: 'must be an ISBN-13: 13 digits with a valid check digit' });
/** An object that may have more fields, because a newer producer may send more. */
const object = <Shape extends z.core.$ZodShape>(shape: Shape) => z.looseObject(shape, { error: notAnObject });
const money = object({
  amount: wholeNumber,
  currency,
});
const factLines = z.array(object({ isbn, quantity: wholeNumber }), { error: 'must be a list of titles' });
const orderId = text;
const priced = { orderId, country: text, lines: factLines, total: money };
const held = { orderId, reason: text, step: wholeNumber, command: text };
const stock = { isbn, purchaseOrderId: text, quantity: wholeNumber };

/** The fields that a listener needs in each fact's body. */
const factSchemas: { readonly [Name in FactName]: z.ZodType } = {
  'order-created': object({ ...priced, customerId: text }),
  'order-held': object({ ...held, deadline: text }),
  'order-resumed': object({ ...held, by: text }),
  'order-amended': object(priced),
  'order-cancelled': object({ orderId, reason: text }),
  'order-completed': object({ orderId, outcome: text }),
  'return-opened': object({ orderId, returnId: text, lines: factLines }),
  'return-closed': object({ orderId, returnId: text, outcome: text, lines: factLines }),
  'customer-created': object({ customerId: text }),
  'customer-address-changed': object({ customerId: text, country: text }),
  'customer-emailed': object({ customerId: text, kind: text }),
  'event-refused': object({ customerId: text, name: text, source: text, id: text, reason: text, caseId: text }),
  'email-sent': object({ orderId, customerId: text, kind: text }),
  'payment-applied': object({ orderId, chargeId: text, amount: money }),
  'payment-denied': object({ orderId, reason: text, amount: money }),
  'payment-refunded': object({ orderId, amount: money }),
  'inventory-updated': object({
    orderId,
    lines: factLines,
    levels: z.array(object({ isbn }), { error: 'must be a list' }),
  }),
  'inventory-released': object({ orderId, lines: factLines }),
  'inventory-restocked': object({ orderId, lines: factLines }),
  'order-fulfilled': object({
    orderId,
    parcels: wholeNumber,
    heaviestParcelGrams: wholeNumber,
    totalGrams: wholeNumber,
  }),
  'order-unpacked': object({ orderId, parcels: wholeNumber }),
  'order-shipped': object({ orderId, carrier: text, method: text, trackingNumber: text }),
  'shipment-recalled': object({ orderId, trackingNumber: text }),
  'stock-ordered': object({ ...stock, orderId }),
  'stock-replenished': object({ ...stock, onHand: wholeNumber }),
};

/**
 * The problems of a fact's body; none when a listener can read it. A fact that this version does not know need only be
 * an object.
 */
export function problemsOfFact(name: string, body: unknown): readonly Problem[] {
  const schema = Object.hasOwn(factSchemas, name) ? factSchemas[name as FactName] : object({});
  const parsed = schema.safeParse(body);
  return parsed.success ? [] : problemsIn(parsed.error, 'the fact');
}
