import { z } from 'zod';
import type { ReturnActionName, ReturnActions } from '../mediators/returns-mediator.ts';
import { isIsbn13 } from './isbn.ts';
import { oneLine } from './order-fields.ts';
import { notAnObject, problemsIn, type Problem } from './problem.ts';

/** What reading an action from outside came to. */
export type ParsedReturnAction<Name extends ReturnActionName> =
  | { readonly ok: true; readonly action: ReturnActions[Name] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const actor = oneLine(64);
const object = <Shape extends z.core.$ZodShape>(shape: Shape) => z.strictObject(shape, { error: notAnObject });

const pieces = (() => {
  const error = 'must be a whole number from 0 to 10000';
  return z.int({ error }).min(0, { error }).max(10_000, { error });
})();

const isbn = z
  .string({ error: 'must be an ISBN-13, given as text' })
  .refine(isIsbn13, { error: 'must be an ISBN-13: 13 digits with a valid check digit' });

const inspected = object({ isbn, accepted: pieces, sellable: pieces }).refine(
  ({ accepted, sellable }) => sellable <= accepted,
  { path: ['sellable'], error: 'must not be more than what is accepted' },
);

const linesError = 'must be a list of up to 100 titles';

const schemas = {
  approve: object({ actor }),
  decline: object({ actor, reason: oneLine(200) }),
  'parcel-received': object({ actor }),
  inspect: object({ actor, lines: z.array(inspected, { error: linesError }).max(100, { error: linesError }) }),
} satisfies { readonly [Name in ReturnActionName]: z.ZodType<ReturnActions[Name]> };

/** Reads an action on a return from outside, and says of every problem which field it is in. Whether it fits the return, its mediator decides. */
export function parseReturnAction<Name extends ReturnActionName>(name: Name, input: unknown): ParsedReturnAction<Name> {
  const parsed = schemas[name].safeParse(input);
  return parsed.success
    ? { ok: true, action: parsed.data as ReturnActions[Name] }
    : { ok: false, problems: problemsIn(parsed.error, 'the action') };
}
