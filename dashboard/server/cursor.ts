import { z } from 'zod';
import { Failure } from './failure.ts';

/** A place in a list, as the page gets it back: it is checked like anything else from outside. */
export const toCursor = (place: Readonly<Record<string, string | null>>): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

/** Throws when it is none of ours. */
export function fromCursor<T>(schema: z.ZodType<T>, cursor: string): T {
  const parsed = schema.safeParse(jsonIn(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new Failure('bad-input', 'This place in the list is not known: begin at its top.');
}

/** An instant to the microsecond, as PostgreSQL gave it. */
export const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no JSON is no place either, and told as that
  }
}
