import { createHash } from 'node:crypto';
import { failure, type JsonAnswer, type JsonRequest } from './stand-in.ts';

/*
 * Requests under an idempotency key, as card gateway and carrier take them: a key is remembered for a while, and then
 * does the same thing anew. That is why our processors look before they ask again.
 */

export interface KeyedRequest {
  readonly idempotencyKey: string;
  /** Hash of the body that the key came with. */
  readonly fingerprint: string;
}

/** An entry of a journal that was made under a key. */
export interface Keyed {
  /** ISO 8601. */
  readonly at: string;
  readonly idempotencyKey: string;
}

/** A try that was answered with 503. */
export interface TryEntry extends Keyed {
  readonly type: 'try';
}

/** Reads the key, or says in a sentence what is wrong with it. */
export function readKey({ headers }: JsonRequest): { readonly idempotencyKey: string } | string {
  const idempotencyKey = headers['idempotency-key'];
  return isText(idempotencyKey, 255) ? { idempotencyKey } : 'The header Idempotency-Key must have 1 to 255 characters.';
}

export const fingerprintOf = (fields: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(fields)).digest('hex');

/** True while the key of an entry is remembered. */
export const isLive = ({ at }: Keyed, keyLifetimeMs: number): boolean => Date.now() - Date.parse(at) < keyLifetimeMs;

export const keyReused = (what: string): JsonAnswer =>
  failure(409, 'key_reused', `This key came with another ${what} before.`);

/** Counts the tries of each key that were answered with 503. */
export function createTries() {
  const tries = new Map<string, number>();
  return {
    enter: ({ idempotencyKey }: TryEntry) => void tries.set(idempotencyKey, (tries.get(idempotencyKey) ?? 0) + 1),
    /** True for the first and the second try of a key. */
    isEarly: (idempotencyKey: string): boolean => (tries.get(idempotencyKey) ?? 0) < 2,
  };
}

/** Keeps a try, and answers that it is to be made again. */
export async function notNow(keep: (entry: TryEntry) => Promise<void>, idempotencyKey: string): Promise<JsonAnswer> {
  await keep({ type: 'try', at: now(), idempotencyKey });
  return failure(503, 'unavailable', 'This cannot be answered now; try again.');
}

export const now = (): string => new Date().toISOString();

export const fieldsOf = (body: unknown): Readonly<Record<string, unknown>> =>
  typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};

export const isText = (value: unknown, longest: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= longest;

/** True for a whole number, 1 or more. */
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0;
