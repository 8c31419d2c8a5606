import type { ChargeEntry, DeclineEntry, GatewayEntry, RefundEntry } from './entries.ts';

/** A charge as the gateway shows it. */
export interface Charge {
  readonly chargeId: string;
  readonly orderId: string;
  readonly idempotencyKey: string;
  readonly amount: number;
  readonly currency: string;
  /** What has been given back, 0 to `amount`. */
  readonly refunded: number;
}

/** What follows from the ledger's entries; all answers are looked up here. */
export interface Book {
  readonly byKey: Map<string, ChargeEntry | DeclineEntry>;
  readonly refundsByKey: Map<string, RefundEntry>;
  readonly charges: Map<string, Charge>;
  readonly chargesOfOrder: Map<string, readonly string[]>;
  /** How often a key was answered with 503. */
  readonly tries: Map<string, number>;
  /** Charges whose refunds are answered with 503 at first. */
  readonly flakyRefunds: Set<string>;
}

export function openBook(entries: readonly GatewayEntry[]): Book {
  const book: Book = {
    byKey: new Map(),
    refundsByKey: new Map(),
    charges: new Map(),
    chargesOfOrder: new Map(),
    tries: new Map(),
    flakyRefunds: new Set(),
  };
  for (const entry of entries) enter(book, entry);
  return book;
}

/** Books an entry that is in the ledger. */
export function enter(book: Book, entry: GatewayEntry): void {
  if (entry.type === 'try') book.tries.set(entry.idempotencyKey, (book.tries.get(entry.idempotencyKey) ?? 0) + 1);
  else if (entry.type === 'refund') enterRefund(book, entry);
  else {
    book.byKey.set(entry.idempotencyKey, entry);
    if (entry.type === 'charge') enterCharge(book, entry);
  }
}

function enterCharge(book: Book, entry: ChargeEntry): void {
  const { chargeId, orderId, idempotencyKey, amount, currency } = entry;
  book.charges.set(chargeId, { chargeId, orderId, idempotencyKey, amount, currency, refunded: 0 });
  if (entry.refundsAreFlaky) book.flakyRefunds.add(chargeId);
  book.chargesOfOrder.set(orderId, [...(book.chargesOfOrder.get(orderId) ?? []), chargeId]);
}

function enterRefund(book: Book, entry: RefundEntry): void {
  book.refundsByKey.set(entry.idempotencyKey, entry);
  const charge = book.charges.get(entry.chargeId);
  if (charge) book.charges.set(entry.chargeId, { ...charge, refunded: charge.refunded + entry.amount });
}

/** The charges of an order, oldest first. */
export const chargesOf = (book: Book, orderId: string): readonly Charge[] =>
  (book.chargesOfOrder.get(orderId) ?? []).flatMap((id) => book.charges.get(id) ?? []);
