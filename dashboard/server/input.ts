import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { oneLine } from '../../contracts/schemas/order-fields.ts';
import { problemsIn } from '../../contracts/schemas/problem.ts';
import { Failure } from './failure.ts';
import { keptActor } from './security/cookies.ts';

/** Reads what came from outside, or fails with what is wrong by field. */
export function read<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = problemsIn(parsed.error, 'the request');
  throw new Failure('bad-input', 'The request cannot be used as it is.', { problems });
}

export const actorName = oneLine(64);

/** Who acts. Every change but naming oneself needs it. */
export function actorOf(request: FastifyRequest): string {
  const named = actorName.safeParse(keptActor(request));
  if (named.success) return named.data;
  throw new Failure('actor-missing', 'Say who you are first: every action is kept with a name.');
}

/** An id of ours, or the beginning of one, or whatever else is looked for: text that PostgreSQL takes. */
export const lookedFor = (longest: number) => {
  const error = `must be text of up to ${longest} characters without control characters`;
  return z
    .string({ error })
    .max(longest, { error })
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, { error });
};

/** The place in a list that a page before gave; it may hold ids of any length. */
export const cursor = lookedFor(1_500);

const part = lookedFor(1_500);

/** A part of the path. */
export function paramOf(request: FastifyRequest, name: string): string {
  return read(part, (request.params as Readonly<Record<string, string>>)[name]);
}

const object = z.record(z.string(), z.unknown());
const ownUpdateId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, 'must be 8 to 64 letters, digits, "_" or "-"');

/** What is asked, and the id of its own that makes asking once more harmless. */
export function updateIdIn(body: unknown): {
  readonly updateId: string | undefined;
  readonly content: Readonly<Record<string, unknown>>;
} {
  const { updateId, ...content } = read(object, body);
  return { updateId: updateId === undefined ? undefined : read(ownUpdateId, updateId), content };
}
