import { createTries, type Keyed, type TryEntry } from '../keyed-requests.ts';

/** A charge as the gateway shows it. */
export interface Charge {
  readonly chargeId: string;
  readonly orderId: string;
  readonly idempotencyKey: string;
  readonly amount: number;
  readonly currency: string;
  /** The amount given back, 0 to `amount`. */
  readonly refunded: number;
  /** The refunds, oldest first. */
  readonly refunds: readonly Pick<RefundEntry, 'idempotencyKey' | 'amount' | 'at' | 'by'>[];
}

/** The state that follows from the journal's entries, in memory; all answers are looked up here. */
export type Store = ReturnType<typeof openStore>;

export function openStore(entries: readonly GatewayEntry[]) {
  const store = {
    byKey: new Map<string, ChargeEntry | DeclineEntry>(),
    refundsByKey: new Map<string, RefundEntry>(),
    charges: new Map<string, Charge>(),
    chargesOfOrder: new Map<string, readonly string[]>(),
    tries: createTries(),
    /** Charges whose refunds are answered with 503 at first. */
    flakyRefunds: new Set<string>(),
  };
  for (const entry of entries) enter(store, entry);
  return store;
}

/** Adds an entry that is in the journal. */
export function enter(store: Store, entry: GatewayEntry): void {
  if (entry.type === 'try') store.tries.enter(entry);
  else if (entry.type === 'refund') enterRefund(store, entry);
  else {
    store.byKey.set(entry.idempotencyKey, entry);
    if (entry.type === 'charge') enterCharge(store, entry);
  }
}

function enterCharge(store: Store, entry: ChargeEntry): void {
  const { chargeId, orderId, idempotencyKey, amount, currency } = entry;
  store.charges.set(chargeId, { chargeId, orderId, idempotencyKey, amount, currency, refunded: 0, refunds: [] });
  if (entry.refundsAreFlaky) store.flakyRefunds.add(chargeId);
  store.chargesOfOrder.set(orderId, [...(store.chargesOfOrder.get(orderId) ?? []), chargeId]);
}

function enterRefund(store: Store, entry: RefundEntry): void {
  store.refundsByKey.set(entry.idempotencyKey, entry);
  const charge = store.charges.get(entry.chargeId);
  if (!charge) return;
  const { idempotencyKey, amount, at, by } = entry;
  const refunds = [...charge.refunds, { idempotencyKey, amount, at, ...(by ? { by } : {}) }];
  store.charges.set(entry.chargeId, { ...charge, refunded: charge.refunded + amount, refunds });
}

/** The charges of an order, oldest first. */
export const chargesOf = (store: Store, orderId: string): readonly Charge[] =>
  (store.chargesOfOrder.get(orderId) ?? []).flatMap((id) => store.charges.get(id) ?? []);

/** An entry of the gateway's journal. Cards are not in it. */
export type GatewayEntry = ChargeEntry | DeclineEntry | RefundEntry | TryEntry;

export interface ChargeEntry extends Keyed {
  readonly type: 'charge';
  readonly chargeId: string;
  readonly orderId: string;
  readonly amount: number;
  readonly currency: string;
  /** Hash of the body the key came with. */
  readonly fingerprint: string;
  /** Set when the first two tries of each of its refunds are answered with 503. */
  readonly refundsAreFlaky?: true;
}

export interface DeclineEntry extends Keyed {
  readonly type: 'decline';
  readonly orderId: string;
  readonly code: DeclineCode;
  readonly fingerprint: string;
}

export interface RefundEntry extends Keyed {
  readonly type: 'refund';
  readonly refundId: string;
  readonly chargeId: string;
  readonly amount: number;
  /** Set when it did not come from the shop's software: people used the dashboard, or the customer's bank took it. */
  readonly by?: 'dashboard' | 'dispute';
}

export type DeclineCode = 'card_expired' | 'insufficient_funds' | 'denied' | 'unknown_card';
