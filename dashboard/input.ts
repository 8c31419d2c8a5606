import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { oneLine } from '../contracts/schemas/order-fields.ts';
import { problemsIn } from '../contracts/schemas/problem.ts';
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

/** A part of the path. */
export const paramOf = (request: FastifyRequest, name: string): string =>
  (request.params as Readonly<Record<string, string>>)[name] ?? '';
