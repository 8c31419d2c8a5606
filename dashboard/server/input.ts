import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { oneLine } from '../../contracts/schemas/order-fields.ts';
import { problemsIn } from '../../contracts/schemas/problem.ts';
import { jsonIn } from '../../contracts/schemas/read-json.ts';
import { Failure } from './failure.ts';
import { keptActor } from './security/auth.ts';

/** Reads input, or throws with the problems by field. */
export function readInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = problemsIn(parsed.error, 'the request');
  throw new Failure('bad-input', 'The request cannot be used as it is.', { problems });
}

export const actorName = oneLine(64);

/** The actor of a request. Every change but naming oneself needs one. */
export function actorOf(request: FastifyRequest): string {
  const named = actorName.safeParse(keptActor(request));
  if (named.success) return named.data;
  throw new Failure('actor-missing', 'Say who you are first: every action is kept with a name.');
}

/** Text of a search, such as an id or its beginning: text that PostgreSQL takes. */
export const lookedFor = (longest: number) => {
  const error = `must be text of up to ${longest} characters without control characters`;
  return z
    .string({ error })
    .max(longest, { error })
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, { error });
};

/** The cursor that the page before gave; it may hold ids of any length. */
export const cursor = lookedFor(1_500);

const part = lookedFor(1_500);

/** A part of the path. */
export function paramOf(request: FastifyRequest, name: string): string {
  return readInput(part, (request.params as Readonly<Record<string, string>>)[name]);
}

const object = z.record(z.string(), z.unknown());
const ownUpdateId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, 'must be 8 to 64 letters, digits, "_" or "-"');

/** Splits an action's content from its own `updateId`, which makes a repeat harmless. */
export function updateIdIn(body: unknown): {
  readonly updateId: string | undefined;
  readonly content: Readonly<Record<string, unknown>>;
} {
  const { updateId, ...content } = readInput(object, body);
  return { updateId: updateId === undefined ? undefined : readInput(ownUpdateId, updateId), content };
}

/** A place in a list, as text for the page; it is checked like any other input when it comes back. */
const toCursor = (place: Readonly<Record<string, string | null>>): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

/** The rows of a page, of which one more was read than is shown, and the cursor of the next page; null at the end. */
export function pageOf<Row>(
  found: readonly Row[],
  limit: number,
  placeOf: (last: Row) => Parameters<typeof toCursor>[0],
): { readonly rows: readonly Row[]; readonly next: string | null } {
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  return { rows, next: last ? toCursor(placeOf(last)) : null };
}

/** The place in a list that a cursor stands for. Throws when the cursor is not of this list. */
export function fromCursor<T>(schema: z.ZodType<T>, given: string): T {
  const parsed = schema.safeParse(jsonIn(Buffer.from(given, 'base64url').toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new Failure('bad-input', 'This place in the list is not known: begin at its top.');
}

/** An instant to the microsecond, as PostgreSQL gave it. */
export const microsecondInstant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
