import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlacedOrder } from '../../../app/place.ts';
import { act, heldFor, refusalOf } from '../../support/acting.ts';
import { policyOf } from '../../support/policies.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

const isbn = '9780134685991';
const other = '9780132350884';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ supplier: { deliverySeconds: 1, mode: 'whole' } });
});
afterAll(() => shop.close());

const mailsTo = async ({ orderId }: PlacedOrder) =>
  (await shop.rig.smtpSink.mails()).filter(({ subject }) => subject.includes(orderId));
const askedOf = async (placed: PlacedOrder, command: string) =>
  (await shop.progress(placed)).steps.filter((record) => record.command === command);
const setStock = (title: string, onHand: number) =>
  shop.sql('UPDATE inventory.stock SET on_hand = $2 WHERE isbn = $1', [title, onHand]);

describe('an order that is held', () => {
  it('for its payment keeps what the step has done, says so everywhere, and goes on with another card', async () => {
    const placed = await shop.place({ card: 'card_expired' }, policyOf());
    const hold = await heldFor(shop, placed, 'payment');
    await until(async () => (await mailsTo(placed)).length === 2, { what: 'the mail that asks for another card' });
    const progress = await shop.progress(placed);
    expect(progress).toMatchObject({ state: 'held', step: 2, holdReason: 'payment' });
    expect(hold).toMatchObject({ command: 'apply-payment', step: 2, help: expect.stringContaining('another card') });
    expect(Date.parse(hold.deadline ?? '') - Date.parse(hold.since)).toBe(86_400_000);
    const [row] = await shop.sql('SELECT state FROM mediator_store.flow WHERE order_id = $1', [placed.orderId]);
    expect(row).toEqual({ state: 'held' });
    const query = `OrderState = 'held' AND HoldReasons = 'payment' AND OrderId = '${placed.orderId}'`;
    await until(async () => (await shop.client.workflow.count(query)).count === 1, { what: query });
    const told = (await mailsTo(placed)).at(-1);
    expect(told?.text).toMatch(/card/);
    expect(told?.text).toMatch(/Please answer this mail/);

    const taken = await act(shop, placed, 'pay', { card: 'card_ok' });
    expect(taken.orderId).toBe(placed.orderId);
    expect(await shop.end(placed)).toMatchObject({ outcome: 'completed' });
    expect(shop.rig.cardGateway.charges(placed.orderId)).toHaveLength(1);
    expect((await askedOf(placed, 'apply-payment')).map(({ requestId }) => requestId)).toEqual([
      `${placed.orderId}/apply-payment/1`,
      `${placed.orderId}/apply-payment/2`,
    ]);
    expect(await askedOf(placed, 'adjust-inventory')).toHaveLength(1);
    const facts = await shop.factsOf(placed.orderId);
    expect(facts.filter((name) => /held|resumed|denied|applied/.test(name))).toEqual([
      'payment-denied',
      'order-held',
      'order-resumed',
      'payment-applied',
    ]);
  });

  it('for its payment and its stock at once lists both, and goes on when both are put right', async () => {
    await setStock(other, 3);
    // Nothing is ordered from the supplier meanwhile: its delivery would end the hold for stock.
    const letOrder = await shop.holdTables('warehouse.answer');
    const placed = await shop.place({ card: 'card_denied', lines: [{ isbn: other, quantity: 5 }] }, policyOf());
    await Promise.all([heldFor(shop, placed, 'payment'), heldFor(shop, placed, 'stock')]);
    expect((await shop.progress(placed)).holds).toHaveLength(2);
    await act(shop, placed, 'amend', { lines: [{ isbn: other, quantity: 2 }] });
    await letOrder();
    await act(shop, placed, 'pay', { card: 'card_ok' });
    expect(await shop.end(placed)).toMatchObject({ outcome: 'completed' });
    const { total } = await shop.progress(placed);
    expect(shop.rig.cardGateway.balance(placed.orderId)).toBe(total?.amount);
    const [stock] = await shop.sql<{ on_hand: number }>('SELECT on_hand FROM inventory.stock WHERE isbn = $1', [other]);
    expect(stock?.on_hand).toBeGreaterThanOrEqual(1);
    const pieces = await shop.sql('SELECT quantity FROM order_placement.order_line WHERE order_id = $1', [
      placed.orderId,
    ]);
    expect(pieces).toEqual([{ quantity: 2 }]);
  });

  it('for its address is shipped to the amended one, and pays the difference in shipping', async () => {
    const shipTo = { name: 'Station', street: 'Ice 1', city: 'Base', postcode: '0', country: 'AQ' as const };
    const placed = await shop.place({ shipTo }, policyOf());
    await heldFor(shop, placed, 'address');
    const before = (await shop.progress(placed)).total?.amount ?? 0;
    expect(await refusalOf(act(shop, placed, 'amend', { lines: [{ isbn, quantity: 2 }] }))).toMatch(/packed/);
    await act(shop, placed, 'amend', { shipTo: { ...shipTo, street: 'Kai 1', city: 'Hamburg', country: 'DE' } });
    expect(await shop.end(placed)).toMatchObject({ outcome: 'completed' });
    const { total } = await shop.progress(placed);
    expect(total?.amount).not.toBe(before);
    expect(shop.rig.cardGateway.balance(placed.orderId)).toBe(total?.amount);
    expect(await shop.factsOf(placed.orderId)).toContain('order-amended');
  });

  it('for its stock gets the delivery before a younger order, and a new one cannot take it first', async () => {
    const title = '9780201633610';
    await setStock(title, 0);
    await shop.sql('UPDATE warehouse.reorder_rule SET reorder_quantity = 4 WHERE isbn = $1', [title]);
    const lines = (quantity: number) => [{ isbn: title, quantity }];
    const older = await shop.place({ lines: lines(4) }, policyOf());
    await heldFor(shop, older, 'stock');
    // Placed and acknowledged, so that its mediator has the delivery followed.
    const ordered = `SELECT FROM warehouse.answer WHERE order_id = $1 AND command = 'order-stock'`;
    await until(async () => (await shop.sql(ordered, [older.orderId])).length === 1, {
      what: 'the purchase order of the older',
    });
    // Those of the others are not placed meanwhile: their deliveries would end the holds.
    const letOrder = await shop.holdTables('warehouse.answer');
    const younger = await shop.place({ lines: lines(3) }, policyOf());
    await heldFor(shop, younger, 'stock');
    const taken = () => shop.sql('SELECT 1 FROM inventory.taken WHERE order_id = $1', [older.orderId]);
    await until(async () => (await taken()).length === 1, { within: 30_000, what: 'the older to have its pieces' });
    const newest = await shop.place({ lines: lines(1) }, policyOf());
    await Promise.all([heldFor(shop, younger, 'stock'), heldFor(shop, newest, 'stock')]);
    const query = 'SELECT order_id, put_aside FROM inventory.waiting WHERE isbn = $1 ORDER BY place';
    expect(await shop.sql(query, [title])).toEqual([
      { order_id: younger.orderId, put_aside: 0 },
      { order_id: newest.orderId, put_aside: 0 },
    ]);
    for (const waiting of [younger, newest]) await act(shop, waiting, 'cancel', { reason: null });
    await letOrder();
    await Promise.all([shop.end(younger), shop.end(newest)]);
    expect(await shop.end(older)).toMatchObject({ outcome: 'completed' });
  });

  it('until its deadline is undone then; the customer was told, reminded and told again', async () => {
    const policy = policyOf({ deadline: '4 seconds', reminders: ['1 second', '2 seconds'] });
    const placed = await shop.place({ card: 'card_denied' }, policy);
    expect(await shop.end(placed)).toMatchObject({ outcome: 'cancelled', reason: 'It was not paid in time.' });
    const mails = await mailsTo(placed);
    expect(mails).toHaveLength(5);
    expect(mails.at(-1)?.text).toContain('It was not paid in time.');
    expect(shop.rig.cardGateway.balance(placed.orderId)).toBe(0);
    expect(
      await shop.sql('SELECT 1 FROM mediator_store.hold WHERE order_id = $1 AND ended_at IS NULL', [placed.orderId]),
    ).toEqual([]);
  });

  it('does an action once under the same update id', async () => {
    const placed = await shop.place({ card: 'card_denied' }, policyOf());
    await heldFor(shop, placed, 'payment');
    const taken = await act(shop, placed, 'pay', { card: 'card_insufficient_funds' }, 'same-again');
    await until(async () => (await askedOf(placed, 'apply-payment')).length === 2, { what: 'a second charge' });
    await heldFor(shop, placed, 'payment');
    expect(await act(shop, placed, 'pay', { card: 'card_insufficient_funds' }, 'same-again')).toEqual(taken);
    await act(shop, placed, 'pay', { card: 'card_ok' });
    expect(await shop.end(placed)).toMatchObject({ outcome: 'completed' });
    expect(await askedOf(placed, 'apply-payment')).toHaveLength(3);
    expect(
      await shop.sql('SELECT action FROM mediator_store.action WHERE order_id = $1', [placed.orderId]),
    ).toHaveLength(2);
  });
});

const taken = async ({ orderId }: PlacedOrder) => {
  const query = 'SELECT coalesce(sum(quantity), 0)::int AS pieces FROM inventory.taken WHERE order_id = $1';
  return (await shop.sql<{ pieces: number }>(query, [orderId]))[0]?.pieces;
};

describe('an amendment', () => {
  it('while a mail is held is charged before the next step', async () => {
    await shop.rig.smtpSink.kill();
    const placed = await shop.place({}, policyOf({ retryFor: '2 seconds' }));
    await heldFor(shop, placed, 'fault');
    await act(shop, placed, 'amend', { lines: [{ isbn, quantity: 5 }] });
    await shop.rig.smtpSink.start();
    await act(shop, placed, 'retry', { actor: 'Robin' });
    expect(await shop.end(placed)).toMatchObject({ outcome: 'completed' });
    const { total } = await shop.progress(placed);
    expect(shop.rig.cardGateway.balance(placed.orderId)).toBe(total?.amount);
    expect(await taken(placed)).toBe(5);
  });

  it('that inventory refused leaves the order to ask for its own lines', async () => {
    const letGo = await shop.holdTables('inventory.guard');
    const placed = await shop.place({ card: 'card_denied' }, policyOf({ retryFor: '2 seconds' }));
    await Promise.all([heldFor(shop, placed, 'payment'), heldFor(shop, placed, 'fault')]);
    await letGo();
    const tooMany = act(shop, placed, 'amend', { lines: [{ isbn, quantity: 9_999 }] });
    expect(await refusalOf(tooMany)).toMatch(/not amended: Not enough.*Possible now: pay, amend, retry, cancel/s);
    await act(shop, placed, 'retry', { actor: 'Robin' });
    const isPaymentOnly = async () => (await shop.progress(placed)).holds.every(({ reason }) => reason === 'payment');
    await until(isPaymentOnly, { within: 30_000, what: 'the stock to be taken' });
    expect(await taken(placed)).toBe(1);
    await heldFor(shop, placed, 'payment');
    await act(shop, placed, 'pay', { card: 'card_ok' });
    expect(await shop.end(placed)).toMatchObject({ outcome: 'completed' });
    expect(await taken(placed)).toBe(1);
  });

  it('back to what is paid already lets the payment go on', async () => {
    const shipTo = { name: 'Station', street: 'Ice 1', city: 'Base', postcode: '0', country: 'AQ' as const };
    const placed = await shop.place({ shipTo, card: 'card_ok', lines: [{ isbn, quantity: 2 }] }, policyOf());
    await heldFor(shop, placed, 'address');
    const paid = shop.rig.cardGateway.balance(placed.orderId);
    await act(shop, placed, 'amend', { shipTo: { ...shipTo, country: 'DE' } });
    expect(await shop.end(placed)).toMatchObject({ outcome: 'completed' });
    const { total } = await shop.progress(placed);
    expect(shop.rig.cardGateway.balance(placed.orderId)).toBe(total?.amount);
    expect(paid).not.toBe(total?.amount);
  });

  it('to a country nobody ships to is refused at once', async () => {
    const placed = await shop.place({ card: 'card_denied' }, policyOf());
    await heldFor(shop, placed, 'payment');
    const shipTo = { name: 'A', street: 'B', city: 'C', postcode: 'D', country: 'XX' as never };
    expect(await refusalOf(act(shop, placed, 'amend', { shipTo }))).toMatch(/country we ship to/);
    await act(shop, placed, 'cancel', { reason: null });
    await shop.end(placed);
  });
});

describe('a fault past its retry time', () => {
  it('holds the order, and retrying asks the same again: the card is charged once', async () => {
    await shop.rig.cardGateway.kill();
    const placed = await shop.place({}, policyOf({ retryFor: '2 seconds' }));
    expect(await heldFor(shop, placed, 'fault')).toMatchObject({
      command: 'apply-payment',
      message: expect.stringContaining('card gateway'),
    });
    await shop.rig.cardGateway.start();
    await act(shop, placed, 'retry', { actor: 'Robin' });
    expect(await shop.end(placed)).toMatchObject({ outcome: 'completed' });
    expect(shop.rig.cardGateway.charges(placed.orderId)).toHaveLength(1);
    const requestIds = (await shop.progress(placed)).steps.flatMap(({ command, requestId }) =>
      command === 'apply-payment' ? [requestId] : [],
    );
    expect(new Set(requestIds).size).toBe(1);
    const [action] = await shop.sql('SELECT action, actor FROM mediator_store.action WHERE order_id = $1', [
      placed.orderId,
    ]);
    expect(action).toEqual({ action: 'retry', actor: 'Robin' });
  });

  it('and then a declined card: the customer hears of both', async () => {
    await shop.rig.cardGateway.kill();
    const placed = await shop.place({ card: 'card_denied' }, policyOf({ retryFor: '2 seconds' }));
    await heldFor(shop, placed, 'fault');
    await shop.rig.cardGateway.start();
    await act(shop, placed, 'retry', { actor: 'Robin' });
    await heldFor(shop, placed, 'payment');
    const asked = async () =>
      (await shop.rig.smtpSink.mails()).some(
        ({ subject }) => subject === `We could not charge your order ${placed.orderId}`,
      );
    await until(asked, { what: 'the mail that asks for another card' });
    await act(shop, placed, 'cancel', { reason: null });
    await shop.end(placed);
  });

  it('of a mail is left out at its deadline: nobody calls an order back for it', async () => {
    await shop.rig.smtpSink.kill();
    const policy = policyOf({ retryFor: '1 second', deadline: '1 second' });
    const placed = await shop.place({}, policy);
    await heldFor(shop, placed, 'fault');
    expect(await shop.end(placed)).toMatchObject({ outcome: 'completed' });
    await shop.rig.smtpSink.start();
    const ended = await shop.sql('SELECT DISTINCT ended_by FROM mediator_store.hold WHERE order_id = $1', [
      placed.orderId,
    ]);
    expect(ended).toEqual([{ ended_by: 'deadline' }]);
  });

  it('of the mail server may be skipped by an operator', async () => {
    await shop.rig.smtpSink.kill();
    const placed = await shop.place({}, policyOf({ retryFor: '2 seconds' }));
    expect(await heldFor(shop, placed, 'fault')).toMatchObject({ command: 'email-customer', step: 2 });
    await act(shop, placed, 'skip', { command: 'email-customer', actor: 'Robin' });
    const later = async () => (await shop.progress(placed)).holds.some(({ step }) => step > 2);
    await until(later, { within: 30_000, what: 'a hold at a later step' });
    await shop.rig.smtpSink.start();
    await act(shop, placed, 'retry', { actor: 'Robin' });
    expect(await shop.end(placed)).toMatchObject({ outcome: 'completed' });
    const actions = await shop.sql('SELECT action, actor FROM mediator_store.action WHERE order_id = $1 ORDER BY at', [
      placed.orderId,
    ]);
    expect(actions).toEqual([
      { action: 'skip', actor: 'Robin' },
      { action: 'retry', actor: 'Robin' },
    ]);
  });
});
