import { z } from 'zod';
import { shippingZones, type Country } from '../countries.ts';
import { currencies } from '../money.ts';
import type { PlaceOrder } from '../place-order.ts';
import { isIsbn13 } from './isbn.ts';

/** One thing that is wrong with what came in, by the field's path: `lines[0].quantity`. Never holds what stood in the field. */
export interface Problem {
  readonly field: string;
  readonly message: string;
}

/** What reading an order from outside came to. */
export type ParsedPlaceOrder =
  { readonly ok: true; readonly event: PlaceOrder } | { readonly ok: false; readonly problems: readonly Problem[] };

const countries = Object.keys(shippingZones) as [Country, ...Country[]];

/** Text that may stand in a mail header or in an address label: one line, whole characters. Markup is carried as text. */
const oneLine = (longest: number) => {
  const error = `must be text of 1 to ${longest} characters on one line, without control characters`;
  return z
    .string({ error })
    .max(longest, { error })
    .regex(/^[^\p{Cc}\p{Cs}\u2028\u2029]*$/u, { error })
    .regex(/\S/, { error });
};

const token = (pattern: RegExp, error: string) => z.string({ error }).regex(pattern, { error });

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
const lines = z.array(line, { error: linesError }).min(1, { error: linesError }).max(100, { error: linesError });

const address = z.strictObject(
  {
    name: oneLine(200),
    street: oneLine(200),
    city: oneLine(200),
    postcode: oneLine(20),
    country: z.enum(countries, { error: 'must be the two-letter code of a country we ship to' }),
  },
  { error: notAnObject },
);

const placeOrder = z.strictObject(
  {
    requestId: token(/^[A-Za-z0-9_-]{8,64}$/, 'must be 8 to 64 letters, digits, "_" or "-"'),
    customerId: token(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits, ".", "_" or "-"'),
    lines: lines.superRefine(refuseRepeatedTitles),
    card: token(/^[A-Za-z0-9_]{1,128}$/, 'must be a token of the card gateway: 1 to 128 letters, digits or "_"'),
    shipTo: address,
    currency: z.enum(currencies, { error: `must be one of ${currencies.join(', ')}` }),
  },
  { error: notAnObject },
);

/** Reads a `place-order` from outside. Refuses what it does not know, and says of every problem which field it is in. */
export function parsePlaceOrder(input: unknown): ParsedPlaceOrder {
  const parsed = placeOrder.safeParse(input);
  return parsed.success
    ? { ok: true, event: parsed.data }
    : { ok: false, problems: distinct(parsed.error.issues.flatMap(problemsOf)) };
}

/** A field that breaks its rule in two ways is told once. */
const distinct = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map(problems.map((problem) => [`${problem.field} ${problem.message}`, problem])).values(),
];

function notAnObject(issue: { readonly code?: string }): string | undefined {
  return issue.code === 'invalid_type' ? 'must be an object' : undefined;
}

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

function problemsOf(issue: z.core.$ZodIssue): readonly Problem[] {
  if (issue.code !== 'unrecognized_keys') return [{ field: pathOf(issue.path), message: issue.message }];
  return issue.keys.map((key) => ({ field: pathOf([...issue.path, key]), message: 'is not a field of an order' }));
}

/** `['lines', 0, 'quantity']` as `lines[0].quantity`. Names we did not choose are shortened and quoted, so that they stay on the line. */
function pathOf(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${plainName(String(part))}`)).join('');
  return text === '' ? 'the order' : text.replace(/^\./, '');
}

const plainName = (name: string): string => (/^\w{1,64}$/.test(name) ? name : JSON.stringify(name.slice(0, 64)));
