import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Journal } from '../journal.ts';
import { isLive, keyReused, notNow, now } from '../keyed-requests.ts';
import { createKeyedMutex, failure, type JsonAnswer } from '../stand-in.ts';
import {
  enter,
  openStore,
  type Store,
  type GatewayEntry,
  type ChargeEntry,
  type DeclineEntry,
  type RefundEntry,
  type DeclineCode,
} from './store.ts';
import { behaviourOf, declineMessages } from './cards.ts';
import type { ChargeRequest, RefundRequest } from './requests.ts';

export interface GatewaySettings {
  /** The time that `card_slow` takes before it charges, in milliseconds. */
  readonly slowMs: number;
  /** The time that a key is remembered, in milliseconds; afterwards the same key charges anew. */
  readonly keyLifetimeMs: number;
}

/** Charges cards and gives money back. Nothing is answered before it is in the journal. */
export function openGateway(journal: Journal<GatewayEntry>, settings: GatewaySettings) {
  const store = openStore(journal.entries);
  const exclusively = createKeyedMutex();
  const keep = async (entry: GatewayEntry) => {
    await journal.append(entry);
    enter(store, entry);
  };
  const context: Context = { store, keep, settings };
  return {
    store,
    charge: (request: ChargeRequest) => exclusively(`key ${request.idempotencyKey}`, () => charge(context, request)),
    refund: (request: RefundRequest) => exclusively(`charge ${request.chargeId}`, () => refund(context, request)),
  };
}

interface Context {
  readonly store: Store;
  readonly settings: GatewaySettings;
  keep(entry: GatewayEntry): Promise<void>;
}

async function charge(context: Context, request: ChargeRequest): Promise<JsonAnswer> {
  const { store, keep, settings } = context;
  const { idempotencyKey, fingerprint, orderId, amount, currency } = request;
  const known = store.byKey.get(idempotencyKey);
  if (known && isLive(known, settings.keyLifetimeMs)) return repeat(store, known, request);
  const behaviour = behaviourOf(request.card);
  if (behaviour === 'flaky' && store.tries.isEarly(idempotencyKey)) return notNow(keep, idempotencyKey);
  if (behaviour === 'slow') await pause(settings.slowMs);
  if (typeof behaviour === 'object') {
    await keep({ type: 'decline', at: now(), idempotencyKey, orderId, code: behaviour.declines, fingerprint });
    return declined(behaviour.declines);
  }
  const chargeId = `ch_${randomUUID()}`;
  const flaky = behaviour === 'flaky-refund' ? { refundsAreFlaky: true as const } : {};
  await keep({ type: 'charge', at: now(), chargeId, orderId, idempotencyKey, amount, currency, fingerprint, ...flaky });
  // Only the first try of a key loses its answer.
  return behaviour === 'lost-reply' && !known ? 'drop' : { status: 201, body: store.charges.get(chargeId) };
}

function repeat(store: Store, known: ChargeEntry | DeclineEntry, { fingerprint }: ChargeRequest): JsonAnswer {
  if (known.fingerprint !== fingerprint) return keyReused('body');
  return known.type === 'decline' ? declined(known.code) : { status: 201, body: store.charges.get(known.chargeId) };
}

const declined = (code: DeclineCode): JsonAnswer => failure(402, code, declineMessages[code]);

async function refund(context: Context, request: RefundRequest): Promise<JsonAnswer> {
  const { store, keep } = context;
  const { idempotencyKey, chargeId, amount } = request;
  const known = store.refundsByKey.get(idempotencyKey);
  if (known) return repeatRefund(known, request);
  const charged = store.charges.get(chargeId);
  if (!charged) return failure(404, 'unknown_charge', 'There is no such charge.');
  if (store.flakyRefunds.has(chargeId) && store.tries.isEarly(idempotencyKey)) return notNow(keep, idempotencyKey);
  const left = charged.amount - charged.refunded;
  if (amount > left) return failure(409, 'over_refund', `Only ${left} of this charge is left to give back.`);
  const entry: RefundEntry = { type: 'refund', at: now(), refundId: `re_${randomUUID()}`, ...request };
  await keep(entry);
  return refunded(entry);
}

function repeatRefund(known: RefundEntry, { chargeId, amount }: RefundRequest): JsonAnswer {
  const same = known.chargeId === chargeId && known.amount === amount;
  return same ? refunded(known) : keyReused('refund');
}

const refunded = ({ refundId, chargeId, amount }: RefundEntry): JsonAnswer => ({
  status: 201,
  body: { refundId, chargeId, amount },
});
