import { z } from 'zod';
import { needsPostcode, shippingZones, type Country } from '../address.ts';
import { idPatterns, isIsbn13 } from '../ids.ts';
import { currencies } from '../money.ts';
import { isVisible } from '../reading/legible.ts';
import { notAnObject } from './problem.ts';

/** An object with these fields and no others. */
export const strictObject = <Shape extends z.core.$ZodShape>(shape: Shape) =>
  z.strictObject(shape, { error: notAnObject });

/**
 * Text that may stand in a mail header or in an address label: one line, whole characters. Markup is carried as text.
 */
export const oneLine = (longest: number) => {
  const error = `must be text of 1 to ${longest} characters on one line that can be seen, without control characters`;
  return z
    .string({ error })
    .max(longest, { error })
    .regex(/^[^\p{Cc}\p{Cs}\u2028\u2029]*$/u, { error })
    .refine(isVisible, { error });
};

/** Text of a pattern, such as an id. */
export const token = (pattern: RegExp, error: string) => z.string({ error }).regex(pattern, { error });

/** A whole number of pieces. */
export const pieceCount = (least: number, error: string) =>
  z.int({ error }).min(least, { error }).max(10_000, { error });

/** The id that tells one request from another. The sender chooses it. */
export const requestId = token(idPatterns.requestId, 'must be 8 to 64 letters, digits, "_" or "-"');

/** The id of a customer. */
export const customerId = token(idPatterns.customerId, 'must be 1 to 64 letters, digits, ".", "_" or "-"');

/** A token of the card gateway. Only the gateway can say if it knows the card. */
export const card = token(
  idPatterns.card,
  'must be a token of the card gateway, not a card number: 1 to 128 letters, digits or "_"',
);

/** The code of a currency the shop sells in. */
export const currency = z.enum(currencies, { error: `must be one of ${currencies.join(', ')}` });

/** An ISBN-13 with its check digit. */
export const isbn = z
  .string({ error: 'must be an ISBN-13, given as text' })
  .refine(isIsbn13, { error: 'must be an ISBN-13: 13 digits with a valid check digit' });

const line = strictObject({
  isbn,
  quantity: pieceCount(1, 'must be a whole number from 1 to 10000, given as a JSON number'),
});

const linesError = 'must be a list of 1 to 100 titles';

/** All lines of an order: every title once. */
export const lines = z
  .array(line, { error: linesError })
  .min(1, { error: linesError })
  .max(100, { error: linesError })
  .superRefine(refuseRepeatedTitles);

const countries = Object.keys(shippingZones) as [Country, ...Country[]];

/** A postal address in a country the shop delivers to. */
export const address = strictObject({
  name: oneLine(200),
  street: oneLine(200),
  city: oneLine(200),
  postcode: oneLine(20).exactOptional(),
  country: z.enum(countries, { error: 'must be the two-letter code of a country we ship to' }),
}).superRefine(({ postcode, country }, context) => {
  if (postcode !== undefined || !needsPostcode(country)) return;
  context.addIssue({ code: 'custom', path: ['postcode'], message: `is missing: an address in ${country} needs one` });
});

function refuseRepeatedTitles(ordered: readonly z.infer<typeof line>[], context: z.RefinementCtx): void {
  const firstAt = new Map<string, number>();
  for (const [index, { isbn: title }] of ordered.entries()) {
    const first = firstAt.get(title);
    if (first === undefined) firstAt.set(title, index);
    else {
      const message = `is the same title as lines[${first}]; order a title once, with its whole quantity`;
      context.addIssue({ code: 'custom', path: [index, 'isbn'], message });
    }
  }
}
