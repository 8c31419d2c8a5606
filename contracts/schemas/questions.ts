import { z } from 'zod';
import { mostTitlesAsked, type Questions } from '../outside/ask.ts';
import { idPatterns } from '../ids.ts';
import { readIsbn } from '../reading/isbn.ts';
import { isbn, strictObject, token } from './order-fields.ts';
import { problemsIn, type Problem } from './problem.ts';

/** A title as people write it. */
const writtenIsbn = z.preprocess((given) => (typeof given === 'string' ? readIsbn(given) : given), isbn);

const isbnsError = `must be a list of 1 to ${mostTitlesAsked} titles, each once`;

const questions: { readonly [Name in ReadName]: z.ZodType<Questions[Name]['asked']> } = {
  'order-status': strictObject({
    orderId: token(idPatterns.orderId, 'must be an order id, as in ord-0123456789abcdef0123'),
  }),
  stock: strictObject({
    isbns: z
      .array(writtenIsbn, { error: isbnsError })
      .min(1, { error: isbnsError })
      .max(mostTitlesAsked, { error: isbnsError })
      .refine((isbns) => new Set(isbns).size === isbns.length, { error: isbnsError }),
  }),
};

/** A question that only reads. The body of `place-order` is the initiating event, and has the schema of that. */
type ReadName = Exclude<keyof Questions, 'place-order'>;

/** A checked question, or everything that is wrong with it. */
export type ParsedQuestion<Name extends ReadName> =
  | { readonly ok: true; readonly question: Questions[Name]['asked'] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads a question from outside. Refuses unknown fields, and names the field of every problem. */
export function parseQuestion<Name extends ReadName>(name: Name, input: unknown): ParsedQuestion<Name> {
  const parsed = questions[name].safeParse(input);
  return parsed.success
    ? { ok: true, question: parsed.data }
    : { ok: false, problems: problemsIn(parsed.error, 'the question') };
}
