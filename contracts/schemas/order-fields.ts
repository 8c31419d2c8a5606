import { z } from 'zod';
import { shippingZones, type Country } from '../countries.ts';
import { isIsbn13 } from './isbn.ts';
import { notAnObject } from './problem.ts';

/* The rules of what stands in an order, wherever it comes in. */

/** Text that may stand in a mail header or in an address label: one line, whole characters. Markup is carried as text. */
export const oneLine = (longest: number) => {
  const error = `must be text of 1 to ${longest} characters on one line, without control characters`;
  return z
    .string({ error })
    .max(longest, { error })
    .regex(/^[^\p{Cc}\p{Cs}\u2028\u2029]*$/u, { error })
    .regex(/\S/, { error });
};

/** Text of a pattern, such as an id. */
export const token = (pattern: RegExp, error: string) => z.string({ error }).regex(pattern, { error });

/** What whoever asks tells one request from another by. */
export const requestId = token(/^[A-Za-z0-9_-]{8,64}$/, 'must be 8 to 64 letters, digits, "_" or "-"');

export const customerId = token(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits, ".", "_" or "-"');

/** A token of the card gateway; whether the gateway knows it, only the gateway can say. */
export const card = token(
  /^[A-Za-z0-9_]{1,128}$/,
  'must be a token of the card gateway: 1 to 128 letters, digits or "_"',
);

const quantity = (() => {
  const error = 'must be a whole number from 1 to 10000, given as a JSON number';
  return z.int({ error }).min(1, { error }).max(10_000, { error });
})();

const line = z.strictObject(
  {
    isbn: z
      .string({ error: 'must be an ISBN-13, given as text' })
      .refine(isIsbn13, { error: 'must be an ISBN-13: 13 digits with a valid check digit' }),
    quantity,
  },
  { error: notAnObject },
);

const linesError = 'must be a list of 1 to 100 titles';

/** All lines of an order: every title once. */
export const lines = z
  .array(line, { error: linesError })
  .min(1, { error: linesError })
  .max(100, { error: linesError })
  .superRefine(refuseRepeatedTitles);

const countries = Object.keys(shippingZones) as [Country, ...Country[]];

/** Where an order goes. */
export const address = z.strictObject(
  {
    name: oneLine(200),
    street: oneLine(200),
    city: oneLine(200),
    postcode: oneLine(20),
    country: z.enum(countries, { error: 'must be the two-letter code of a country we ship to' }),
  },
  { error: notAnObject },
);

function refuseRepeatedTitles(ordered: readonly z.infer<typeof line>[], context: z.RefinementCtx): void {
  const firstAt = new Map<string, number>();
  for (const [index, { isbn }] of ordered.entries()) {
    const first = firstAt.get(isbn);
    if (first === undefined) firstAt.set(isbn, index);
    else {
      const message = `is the same title as lines[${first}]; order a title once, with its whole quantity`;
      context.addIssue({ code: 'custom', path: [index, 'isbn'], message });
    }
  }
}
