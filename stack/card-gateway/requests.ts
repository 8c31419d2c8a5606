import { createHash, randomUUID } from 'node:crypto';
import type { JsonRequest } from '../stand-in.ts';
import type { RefundEntry } from './store.ts';

/** A charge as it was asked for. */
export interface ChargeRequest {
  readonly idempotencyKey: string;
  readonly orderId: string;
  readonly amount: number;
  readonly currency: string;
  readonly card: string;
  readonly fingerprint: string;
}

export type RefundRequest = Pick<RefundEntry, 'idempotencyKey' | 'chargeId' | 'amount' | 'by'>;

/** Reads a charge, or says in a sentence what is wrong with it. */
export function readCharge({ headers, body }: JsonRequest): ChargeRequest | string {
  const idempotencyKey = headers['idempotency-key'];
  const { orderId, amount, currency, card } = fieldsOf(body);
  if (!isText(idempotencyKey, 255)) return 'The header Idempotency-Key must have 1 to 255 characters.';
  if (!isText(orderId, 128)) return 'orderId must have 1 to 128 characters.';
  if (!isAmount(amount)) return 'amount must be a whole number of minor units, 1 or more.';
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) return 'currency must be a code of three letters.';
  if (!isText(card, 255)) return 'card must have 1 to 255 characters.';
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([orderId, amount, currency, card]))
    .digest('hex');
  return { idempotencyKey, orderId, amount, currency, card, fingerprint };
}

/** Reads a refund, or says in a sentence what is wrong with it. */
export function readRefund({ headers, body }: JsonRequest, chargeId: string): RefundRequest | string {
  const idempotencyKey = headers['idempotency-key'];
  const { amount } = fieldsOf(body);
  if (!isText(idempotencyKey, 255)) return 'The header Idempotency-Key must have 1 to 255 characters.';
  if (!isAmount(amount)) return 'amount must be a whole number of minor units, 1 or more.';
  return { idempotencyKey, chargeId, amount };
}

/** Reads what people do at the gateway's own dashboard. It has no key: each request is another refund. */
export const readOwnRefund = (
  { body }: JsonRequest,
  chargeId: string,
  by: NonNullable<RefundRequest['by']>,
): RefundRequest | string => {
  const refund = readRefund({ headers: { 'idempotency-key': `${by}/${randomUUID()}` }, body }, chargeId);
  return typeof refund === 'string' ? refund : { ...refund, by };
};

const fieldsOf = (body: unknown): Readonly<Record<string, unknown>> =>
  typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};

const isText = (value: unknown, longest: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= longest;

const isAmount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0;
