import { expect, test } from 'vitest';
import { type Charge, type GatewayEntry, chargesOf } from '../../../stack/card-gateway/store.ts';
import { isKnown } from '../../../stack/card-gateway/cards.ts';
import { openGateway, type GatewaySettings } from '../../../stack/card-gateway/gateway.ts';
import { readCharge, readOwnRefund, readRefund } from '../../../stack/card-gateway/requests.ts';
import type { JsonAnswer, JsonRequest } from '../../../stack/stand-in.ts';

const settings: GatewaySettings = { slowMs: 1, keyLifetimeMs: 60_000 };

/** A gateway whose ledger is kept in memory. */
function gatewayOf(entries: GatewayEntry[] = [], how: Partial<GatewaySettings> = {}) {
  const journal = {
    entries,
    append: (entry: GatewayEntry) => Promise.resolve(void entries.push(entry)),
    close: () => Promise.resolve(),
  };
  const gateway = openGateway(journal, { ...settings, ...how });
  return {
    entries,
    store: gateway.store,
    charge: (card: string, key = 'key-1', amount = 1000) =>
      gateway.charge(valid(readCharge(request(key, { orderId: 'ord-1', amount, currency: 'EUR', card })))),
    refund: (chargeId: string, amount: number, key = 'refund-1') =>
      gateway.refund(valid(readRefund(request(key, { amount }), chargeId))),
    own: (chargeId: string, amount: number, by: 'dashboard' | 'dispute') =>
      gateway.refund(valid(readOwnRefund(request('', { amount }), chargeId, by))),
  };
}

const request = (key: string, body: unknown): JsonRequest => ({
  headers: { 'idempotency-key': key },
  body,
});

function valid<T>(read: T | string): T {
  if (typeof read === 'string') throw new Error(read);
  return read;
}

const statusOf = (answer: JsonAnswer) => (answer === 'drop' ? 'drop' : answer.status);
const codeOf = (answer: JsonAnswer) => (answer as { body: { error: { code: string } } }).body.error.code;
const chargeOf = (answer: JsonAnswer) => (answer as { body: Charge }).body;
const chargesIn = (entries: readonly GatewayEntry[]) => entries.filter(({ type }) => type === 'charge').length;

test('the same key charges once and gets the same charge, also when it comes twice at the same time', async () => {
  const gateway = gatewayOf();
  const [one, two] = await Promise.all([gateway.charge('card_ok'), gateway.charge('card_ok')]);
  expect(chargeOf(one).chargeId).toBe(chargeOf(two).chargeId);
  expect(chargesIn(gateway.entries)).toBe(1);
});

test('a live key with another body is refused with 409', async () => {
  const gateway = gatewayOf();
  await gateway.charge('card_ok', 'key-1', 1000);
  expect(statusOf(await gateway.charge('card_ok', 'key-1', 1001))).toBe(409);
  expect(chargesIn(gateway.entries)).toBe(1);
});

test('a key that has expired charges anew, and both charges are found by order', async () => {
  const gateway = gatewayOf([], { keyLifetimeMs: 0 });
  await gateway.charge('card_ok');
  await gateway.charge('card_ok');
  expect(chargesOf(gateway.store, 'ord-1')).toHaveLength(2);
});

test.each([
  ['card_expired', 'card_expired'],
  ['card_insufficient_funds', 'insufficient_funds'],
  ['card_denied', 'denied'],
  ['tok_anything', 'unknown_card'],
  ['toString', 'unknown_card'],
])('%s is declined with 402 %s, and again for the same key', async (card, code) => {
  const gateway = gatewayOf();
  for (const answer of [await gateway.charge(card), await gateway.charge(card)]) {
    expect(statusOf(answer)).toBe(402);
    expect(codeOf(answer)).toBe(code);
  }
  expect(chargesIn(gateway.entries)).toBe(0);
});

test('card_flaky answers 503 to the first two tries of each key, also over a restart', async () => {
  const before = gatewayOf();
  expect(statusOf(await before.charge('card_flaky'))).toBe(503);
  const after = gatewayOf(before.entries);
  expect(statusOf(await after.charge('card_flaky'))).toBe(503);
  expect(statusOf(await after.charge('card_flaky'))).toBe(201);
  expect(statusOf(await after.charge('card_flaky', 'key-2'))).toBe(503);
});

test('card_lost_reply charges and drops the connection; a repeat of the key tells of the charge', async () => {
  const gateway = gatewayOf();
  expect(await gateway.charge('card_lost_reply')).toBe('drop');
  expect(statusOf(await gateway.charge('card_lost_reply'))).toBe(201);
  expect(chargesIn(gateway.entries)).toBe(1);
});

test('refunds add up to the charge and not beyond', async () => {
  const gateway = gatewayOf();
  const { chargeId } = chargeOf(await gateway.charge('card_ok'));
  expect(statusOf(await gateway.refund(chargeId, 600, 'r-1'))).toBe(201);
  expect(codeOf(await gateway.refund(chargeId, 401, 'r-2'))).toBe('over_refund');
  expect(statusOf(await gateway.refund(chargeId, 400, 'r-3'))).toBe(201);
  expect(chargesOf(gateway.store, 'ord-1')[0]?.refunded).toBe(1000);
});

test('the same refund twice gives back once', async () => {
  const gateway = gatewayOf();
  const { chargeId } = chargeOf(await gateway.charge('card_ok'));
  const answers = await Promise.all([gateway.refund(chargeId, 1000), gateway.refund(chargeId, 1000)]);
  expect(answers.map(statusOf)).toEqual([201, 201]);
  expect(chargesOf(gateway.store, 'ord-1')[0]?.refunded).toBe(1000);
});

test('a refund of its own dashboard and a dispute take what is left of a charge, say so, and need no key', async () => {
  const gateway = gatewayOf();
  const { chargeId } = chargeOf(await gateway.charge('card_ok'));
  expect(statusOf(await gateway.own(chargeId, 300, 'dashboard'))).toBe(201);
  expect(statusOf(await gateway.own(chargeId, 300, 'dispute'))).toBe(201);
  expect(codeOf(await gateway.refund(chargeId, 500))).toBe('over_refund');
  const [charge] = chargesOf(gateway.store, 'ord-1');
  expect(charge).toMatchObject({ refunded: 600, refunds: [{ by: 'dashboard' }, { by: 'dispute' }] });
});

test('what is known after a restart is what the ledger says', async () => {
  const before = gatewayOf();
  const { chargeId } = chargeOf(await before.charge('card_ok'));
  await before.refund(chargeId, 300);
  const after = gatewayOf([...before.entries]);
  expect(chargesOf(after.store, 'ord-1')).toEqual(chargesOf(before.store, 'ord-1'));
});

test('card_refund_flaky answers 503 to the first two tries of each refund key, also over a restart, and then gives back once', async () => {
  const before = gatewayOf();
  const { chargeId } = chargeOf(await before.charge('card_refund_flaky'));
  expect(statusOf(await before.refund(chargeId, 400, 'r-1'))).toBe(503);
  const after = gatewayOf(before.entries);
  expect(statusOf(await after.refund(chargeId, 400, 'r-1'))).toBe(503);
  expect(statusOf(await after.refund(chargeId, 400, 'r-1'))).toBe(201);
  expect(statusOf(await after.refund(chargeId, 400, 'r-1'))).toBe(201);
  expect(statusOf(await after.refund(chargeId, 600, 'r-2'))).toBe(503);
  expect(chargesOf(after.store, 'ord-1')[0]?.refunded).toBe(400);
});

test('cards that are declined are known, and others are not', () => {
  expect(['card_ok', 'card_denied', 'card_refund_flaky'].filter(isKnown)).toHaveLength(3);
  expect(['tok_anything', 'toString', ''].filter(isKnown)).toEqual([]);
});

test('no card is in the ledger', async () => {
  const gateway = gatewayOf();
  await gateway.charge('card_ok');
  await gateway.charge('tok_secret', 'key-2');
  await gateway.charge('card_refund_flaky', 'key-3');
  expect(JSON.stringify(gateway.entries)).not.toMatch(/card_|tok_secret/);
});

test.each([
  [{ amount: 0 }, 'amount'],
  [{ amount: 1.5 }, 'amount'],
  [{ currency: 'eur' }, 'currency'],
  [{ orderId: '' }, 'orderId'],
  [{ card: 7 }, 'card'],
])('a charge with %j is refused with a sentence that names the field', (wrong, field) => {
  const body = { orderId: 'ord-1', amount: 1, currency: 'EUR', card: 'card_ok', ...wrong };
  expect(readCharge(request('key-1', body))).toMatch(new RegExp(`^${field} must`));
});
