import { randomUUID } from 'node:crypto';
import { fieldsOf, fingerprintOf, isCount, isText, readKey, type KeyedRequest } from '../keyed-requests.ts';
import type { JsonRequest } from '../stand-in.ts';
import type { RefundEntry } from './store.ts';

/** A charge as it was asked for. */
export interface ChargeRequest extends KeyedRequest {
  readonly orderId: string;
  readonly amount: number;
  readonly currency: string;
  readonly card: string;
}

export type RefundRequest = Pick<RefundEntry, 'idempotencyKey' | 'chargeId' | 'amount' | 'by'>;

/** Reads a charge, or says in a sentence what is wrong with it. */
export function readCharge(request: JsonRequest): ChargeRequest | string {
  const key = readKey(request);
  const { orderId, amount, currency, card } = fieldsOf(request.body);
  if (typeof key === 'string') return key;
  if (!isText(orderId, 128)) return 'orderId must have 1 to 128 characters.';
  if (!isCount(amount)) return 'amount must be a whole number of minor units, 1 or more.';
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) return 'currency must be a code of three letters.';
  if (!isText(card, 255)) return 'card must have 1 to 255 characters.';
  return { ...key, orderId, amount, currency, card, fingerprint: fingerprintOf([orderId, amount, currency, card]) };
}

/** Reads a refund, or says in a sentence what is wrong with it. */
export function readRefund(request: JsonRequest, chargeId: string): RefundRequest | string {
  const key = readKey(request);
  const { amount } = fieldsOf(request.body);
  if (typeof key === 'string') return key;
  if (!isCount(amount)) return 'amount must be a whole number of minor units, 1 or more.';
  return { ...key, chargeId, amount };
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
