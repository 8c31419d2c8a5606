import { z } from 'zod';
import type { FactBodies } from '../fact-bodies.ts';
import type { FactName } from '../facts.ts';
import { isIsbn13 } from '../ids.ts';
import { reorderPolicies } from '../inventory.ts';
import { currency } from './order-fields.ts';
import { notAnObject } from './problem.ts';

/**
 * One fact of the catalogue. The schema is that of its body in the newest version, and the compiler compares it with
 * `FactBodies`. A new version may add fields that may be left out, and take none away.
 */
export interface CatalogueEntry<Name extends FactName> {
  readonly version: number;
  /** When it is told, as a sentence for people. */
  readonly when: string;
  /** The part that tells it. */
  readonly by: string;
  readonly schema: z.ZodType<Widened<FactBodies[Name]>>;
  readonly example: FactBodies[Name];
}

/** Names that are open for more: a newer version may say others than this one knows. */
type Widened<Of> = Of extends string
  ? string
  : Of extends readonly (infer One)[]
    ? readonly Widened<One>[]
    : Of extends object
      ? { readonly [Field in keyof Of]: Widened<Of[Field]> }
      : Of;

/** Text that is not empty; `about` is for people who read the catalogue. */
export const text = (about: string) =>
  z.string({ error: 'must be text' }).min(1, { error: 'must not be empty' }).describe(about);

/** One of these names; more may come. */
export const oneOf = (about: string, names: readonly string[]) =>
  text(`${about}: ${names.map((name) => `\`${name}\``).join(', ')}; more may come`);

export const wholeNumber = (about: string) =>
  z.int({ error: 'must be a whole number' }).min(0, { error: 'must not be below 0' }).describe(about);

/** An object that may have more fields, because a newer producer may send more. */
export const object = <Shape extends z.core.$ZodShape>(shape: Shape) => z.looseObject(shape, { error: notAnObject });

export const list = <Element extends z.ZodType>(about: string, element: Element) =>
  z.array(element, { error: 'must be a list' }).describe(about);

export const isbn = text('ISBN-13').refine(isIsbn13, {
  error: 'must be an ISBN-13: 13 digits with a valid check digit',
});
export const orderId = text('the order');
export const customerId = text('the customer');
export const whoReorders = oneOf('who re-orders the title, by the policy of the order', reorderPolicies);
export const money = (about: string) =>
  object({ amount: wholeNumber('in minor units: 1999 is 19.99'), currency: currency.describe('ISO 4217') }).describe(
    about,
  );

/** The fields of a mail that came back. */
export const bounce = {
  status: text(
    'the mail server’s status code (RFC 3463): 5.x.x when the address will never do, 4.x.x when it may later',
  ),
  sentAt: text('ISO 8601; when the mail was sent'),
};

export const orderLines = (about: string) => list(about, object({ isbn, quantity: wholeNumber('pieces') }));
export const pricedLines = list(
  'every title of the order',
  object({ isbn, quantity: wholeNumber('pieces'), title: text('as it was ordered'), unitPrice: money('of one piece') }),
);
