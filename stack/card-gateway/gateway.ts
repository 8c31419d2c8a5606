import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { inTurn } from '../in-turn.ts';
import type { Journal } from '../journal.ts';
import { failure, type JsonAnswer } from '../stand-in.ts';
import { enter, openBook, type Book } from './store.ts';
import { behaviourOf, declineMessages } from './cards.ts';
import type { ChargeEntry, DeclineCode, DeclineEntry, GatewayEntry, RefundEntry } from './entries.ts';
import type { ChargeRequest, RefundRequest } from './requests.ts';

export interface GatewaySettings {
  /** How long `card_slow` takes before it charges, in milliseconds. */
  readonly slowMs: number;
  /** How long a key is remembered, in milliseconds; afterwards the same key charges anew. */
  readonly keyLifetimeMs: number;
}

/** Takes and gives back money. Nothing is answered before it is in the ledger. */
export interface Gateway {
  readonly book: Book;
  charge(request: ChargeRequest): Promise<JsonAnswer>;
  refund(request: RefundRequest): Promise<JsonAnswer>;
}

export function openGateway(journal: Journal<GatewayEntry>, settings: GatewaySettings): Gateway {
  const book = openBook(journal.entries);
  const turns = inTurn();
  const keep = async (entry: GatewayEntry) => {
    await journal.append(entry);
    enter(book, entry);
  };
  const desk: Desk = { book, keep, settings };
  return {
    book,
    charge: (request) => turns(`key ${request.idempotencyKey}`, () => charge(desk, request)),
    refund: (request) => turns(`charge ${request.chargeId}`, () => refund(desk, request)),
  };
}

interface Desk {
  readonly book: Book;
  readonly settings: GatewaySettings;
  keep(entry: GatewayEntry): Promise<void>;
}

async function charge(desk: Desk, request: ChargeRequest): Promise<JsonAnswer> {
  const { book, keep, settings } = desk;
  const { idempotencyKey, fingerprint, orderId, amount, currency } = request;
  const known = book.byKey.get(idempotencyKey);
  if (known && isLive(known, settings)) return repeat(book, known, request);
  const behaviour = behaviourOf(request.card);
  if (behaviour === 'flaky' && isTriedFirst(book, idempotencyKey)) return notNow(desk, idempotencyKey);
  if (behaviour === 'slow') await pause(settings.slowMs);
  if (typeof behaviour === 'object') {
    await keep({ type: 'decline', at: now(), idempotencyKey, orderId, code: behaviour.declines, fingerprint });
    return declined(behaviour.declines);
  }
  const chargeId = `ch_${randomUUID()}`;
  const flaky = behaviour === 'flaky-refund' ? { refundsAreFlaky: true as const } : {};
  await keep({ type: 'charge', at: now(), chargeId, orderId, idempotencyKey, amount, currency, fingerprint, ...flaky });
  // Only the first try of a key loses its answer.
  return behaviour === 'lost-reply' && !known ? 'drop' : { status: 201, body: book.charges.get(chargeId) };
}

/** Whether this is the first or the second try of a key. */
const isTriedFirst = (book: Book, idempotencyKey: string): boolean => (book.tries.get(idempotencyKey) ?? 0) < 2;

async function notNow({ keep }: Desk, idempotencyKey: string): Promise<JsonAnswer> {
  await keep({ type: 'try', at: now(), idempotencyKey });
  return failure(503, 'unavailable', 'The gateway cannot answer now; try again.');
}

const isLive = (entry: ChargeEntry | DeclineEntry, { keyLifetimeMs }: GatewaySettings): boolean =>
  Date.now() - Date.parse(entry.at) < keyLifetimeMs;

function repeat(book: Book, known: ChargeEntry | DeclineEntry, { fingerprint }: ChargeRequest): JsonAnswer {
  if (known.fingerprint !== fingerprint) return failure(409, 'key_reused', 'This key came with another body before.');
  return known.type === 'decline' ? declined(known.code) : { status: 201, body: book.charges.get(known.chargeId) };
}

const declined = (code: DeclineCode): JsonAnswer => failure(402, code, declineMessages[code]);

async function refund(desk: Desk, request: RefundRequest): Promise<JsonAnswer> {
  const { book, keep } = desk;
  const { idempotencyKey, chargeId, amount } = request;
  const known = book.refundsByKey.get(idempotencyKey);
  if (known) return repeatRefund(known, request);
  const charged = book.charges.get(chargeId);
  if (!charged) return failure(404, 'unknown_charge', 'There is no such charge.');
  if (book.flakyRefunds.has(chargeId) && isTriedFirst(book, idempotencyKey)) return notNow(desk, idempotencyKey);
  const left = charged.amount - charged.refunded;
  if (amount > left) return failure(409, 'over_refund', `Only ${left} of this charge is left to give back.`);
  const entry: RefundEntry = { type: 'refund', at: now(), refundId: `re_${randomUUID()}`, ...request };
  await keep(entry);
  return refunded(entry);
}

function repeatRefund(known: RefundEntry, { chargeId, amount }: RefundRequest): JsonAnswer {
  const same = known.chargeId === chargeId && known.amount === amount;
  return same ? refunded(known) : failure(409, 'key_reused', 'This key came with another refund before.');
}

const refunded = ({ refundId, chargeId, amount }: RefundEntry): JsonAnswer => ({
  status: 201,
  body: { refundId, chargeId, amount },
});

const now = () => new Date().toISOString();
