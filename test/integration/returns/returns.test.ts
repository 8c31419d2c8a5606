import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OrderOutcome } from '../../../contracts/mediators/order-mediator.ts';
import { findReturn, listReturns, type ReturnsWanted } from '../../../app/reads/returns.ts';
import { openDatabase, type Database } from '../../../prisma/database.ts';
import { objects, runCommandLine } from '../../support/command-line.ts';
import { formatMoney } from '../../../contracts/money.ts';
import { refundElsewhere } from '../../support/partners.ts';
import { requestReturn, sendBack, type Returning } from '../../support/returning.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

const [isbn, other] = ['9780134685991', '9780132350884'];

let shop: Shop;
let database: Database;
beforeAll(async () => {
  shop = await openShop({}, [['order-mediator', 'processors', 'relay', 'returns-mediator']]);
  database = openDatabase(shop.rig.databaseUrl, { poolSize: 2 });
  shop.rig.onClose(database.close);
});
afterAll(() => shop.close());

/** An order of 3 and 1 pieces that was delivered. */
const bought = (): Promise<OrderOutcome> =>
  shop.outcomeOf({
    lines: [
      { isbn, quantity: 3 },
      { isbn: other, quantity: 1 },
    ],
  });

const pricesOf = async ({ orderId }: OrderOutcome) => {
  const query = `SELECT isbn, unit_amount::int AS price, shipping_amount::int AS shipping FROM order_placement.order_line JOIN order_placement.placed_order USING (order_id) WHERE order_id = $1`;
  const rows = await shop.sql<{ isbn: string; price: number; shipping: number }>(query, [orderId]);
  const priceOf = (title: string) => rows.find((row) => row.isbn === title)?.price ?? NaN;
  return { one: priceOf(isbn), another: priceOf(other), shipping: rows[0]?.shipping ?? NaN };
};

const onHand = async (title: string): Promise<number> =>
  (await shop.sql<{ pieces: number }>('SELECT on_hand AS pieces FROM inventory.stock WHERE isbn = $1', [title]))[0]
    ?.pieces ?? NaN;

const rowOf = (requestId: string) => findReturn(database, requestId);
const list = (wanted: ReturnsWanted) => listReturns(database, wanted);

const eventOf = async (workflowId: string) => {
  const query = 'SELECT state, outcome, body FROM mediator_store.initiating_event WHERE workflow_id = $1';
  return (await shop.sql<{ state: string; outcome: string; body: Buffer | null }>(query, [workflowId]))[0];
};

const mailsAbout = async (requestId: string) =>
  (await shop.rig.smtpSink.mails()).map(({ subject }) => subject).filter((subject) => subject.includes(requestId));

describe('a return', () => {
  it('of part of an order gives back the price paid for what was accepted, and puts on the shelf what can be sold', async () => {
    const order = await bought();
    const [{ one }, charged] = [await pricesOf(order), shop.rig.cardGateway.balance(order.orderId)];
    const returning = await requestReturn(shop, { order, lines: [{ isbn, quantity: 3 }] });
    await sendBack(returning);
    const before = await onHand(isbn);
    const lines = [{ isbn, accepted: 2, sellable: 1 }];
    expect(await returning.act('inspect', { lines })).toMatchObject({ state: 'refunding' });
    const refunded = { amount: 2 * one, currency: 'EUR' };
    expect(await returning.end()).toEqual({ requestId: returning.requestId, outcome: 'completed', refunded });
    expect(shop.rig.cardGateway.balance(order.orderId)).toBe(charged - 2 * one);
    expect(await onHand(isbn)).toBe(before + 1);
    expect(await rowOf(returning.requestId)).toMatchObject({ state: 'completed', amount: refunded, inspected: lines });
    expect(await eventOf(returning.workflowId)).toEqual({ state: 'complete', outcome: 'completed', body: null });
    expect(await mailsAbout(returning.requestId)).toEqual([
      expect.stringContaining('Please send back'),
      expect.stringContaining('is done'),
    ]);
    expect((await shop.factsOf(order.orderId)).slice(-6).toSorted()).toEqual(
      [
        'email-sent',
        'email-sent',
        'inventory-restocked',
        'payment-refunded',
        'return-closed',
        'return-opened',
      ].toSorted(),
    );
  });

  it('that sends the last piece of an order back gives back the shipping too, and the gateway has nothing left of it', async () => {
    const order = await bought();
    const { one, another, shipping } = await pricesOf(order);
    const first = await requestReturn(shop, { order, lines: [{ isbn, quantity: 3 }] });
    await sendBack(first);
    await first.act('inspect', { lines: [{ isbn, accepted: 3, sellable: 3 }] });
    expect((await first.end()).refunded?.amount).toBe(3 * one);
    const last = await requestReturn(shop, { order, lines: [{ isbn: other, quantity: 1 }] });
    await sendBack(last);
    await last.act('inspect', { lines: [{ isbn: other, accepted: 1, sellable: 0 }] });
    expect((await last.end()).refunded?.amount).toBe(another + shipping);
    expect(shop.rig.cardGateway.balance(order.orderId)).toBe(0);
  });

  it('of which nothing is accepted gives nothing back, says so, and may be asked for again', async () => {
    const order = await bought();
    const charged = shop.rig.cardGateway.balance(order.orderId);
    const returning = await requestReturn(shop, { order, lines: [{ isbn: other, quantity: 1 }] });
    await sendBack(returning);
    await returning.act('inspect', { lines: [] });
    expect(await returning.end()).toMatchObject({ outcome: 'completed', refunded: null });
    expect(shop.rig.cardGateway.balance(order.orderId)).toBe(charged);
    const mail = (await shop.rig.smtpSink.mails()).find(
      ({ subject }) => subject.includes(returning.requestId) && subject.includes('is done'),
    );
    expect(mail?.text).toContain('Nothing is given back');
    const again = await requestReturn(shop, { order, lines: [{ isbn: other, quantity: 1 }] });
    await again.is('awaiting-approval');
    await again.act('decline', { reason: 'We looked at it already.' });
    await again.end();
  });

  it('of what had gone back in the gateway’s dashboard gives nothing back twice, and says when and how much had', async () => {
    const order = await bought();
    const [{ one }, charged] = [await pricesOf(order), shop.rig.cardGateway.balance(order.orderId)];
    await refundElsewhere(shop.rig, order.orderId, charged);
    const returning = await requestReturn(shop, { order, lines: [{ isbn, quantity: 1 }] });
    await sendBack(returning);
    await returning.act('inspect', { lines: [{ isbn, accepted: 1, sellable: 1 }] });
    expect(await returning.end()).toMatchObject({ outcome: 'completed', refunded: null });
    expect(shop.rig.cardGateway.balance(order.orderId)).toBe(0);
    const mail = (await shop.rig.smtpSink.mails()).find(
      ({ subject }) => subject.includes(returning.requestId) && subject.includes('is done'),
    );
    const amount = formatMoney({ amount: one, currency: 'EUR' });
    expect(mail?.text).toContain(`${amount} had gone back to your card already on`);
    expect(mail?.text).not.toContain('Nothing is');
  });

  it('that is declined tells the customer why, with the name of who did it in the records', async () => {
    const order = await bought();
    const returning = await requestReturn(shop, { order, lines: [{ isbn, quantity: 1 }] });
    await returning.is('awaiting-approval');
    expect((await list({ waiting: true, limit: 10 })).map(({ requestId }) => requestId)).toContain(returning.requestId);
    await returning.act('decline', { reason: 'It was a gift of ours.' }, 'declining');
    expect(await returning.end()).toEqual({ requestId: returning.requestId, outcome: 'declined', refunded: null });
    const { actions, state } = (await rowOf(returning.requestId)) ?? {};
    expect({ actions, state }).toMatchObject({
      state: 'declined',
      actions: [
        { actionId: 'declining', action: 'decline', actor: 'Robin', details: { reason: 'It was a gift of ours.' } },
      ],
    });
    const mail = (await shop.rig.smtpSink.mails()).find(({ subject }) => subject.includes(returning.requestId));
    expect(mail?.text).toContain('It was a gift of ours.');
    expect(await list({ waiting: true, limit: 10 })).toEqual([]);
  });

  it('that nobody approves in time is declined, after a reminder', async () => {
    const order = await bought();
    const approval = { deadline: '4 seconds', reminders: ['1 second'] } as const;
    const returning = await requestReturn(shop, { order, lines: [{ isbn, quantity: 1 }], policy: { approval } });
    expect((await returning.end()).outcome).toBe('declined');
    expect(await mailsAbout(returning.requestId)).toEqual([
      expect.stringContaining('Reminder'),
      expect.stringContaining('is declined'),
    ]);
  });

  it('whose parcel does not come lapses, and its pieces may be asked for again', async () => {
    const order = await bought();
    const parcel = { deadline: '2 seconds', reminders: [] } as const;
    const all = [{ isbn, quantity: 3 }];
    const returning = await requestReturn(shop, { order, lines: all, policy: { parcel } });
    await returning.is('awaiting-approval');
    await returning.act('approve', {});
    expect((await returning.end()).outcome).toBe('lapsed');
    expect((await rowOf(returning.requestId))?.state).toBe('lapsed');
    const again = await requestReturn(shop, { order, lines: all });
    await again.is('awaiting-approval');
    await again.act('decline', { reason: 'Twice is enough.' });
    await again.end();
  });

  it('is declined by a cancel in Temporal while nobody has approved it; after that the cancel is noted, and changes nothing', async () => {
    const order = await bought();
    const one = await requestReturn(shop, { order, lines: [{ isbn, quantity: 1 }] });
    await one.is('awaiting-approval');
    await shop.client.workflow.getHandle(one.workflowId).cancel();
    expect((await one.end()).outcome).toBe('declined');
    expect((await rowOf(one.requestId))?.actions).toMatchObject([{ action: 'decline', actor: 'Temporal' }]);
    const two = await requestReturn(shop, { order, lines: [{ isbn, quantity: 1 }] });
    await sendBack(two);
    await shop.client.workflow.getHandle(two.workflowId).cancel();
    await until(async () => (await two.progress()).notes.length === 1, { what: 'the note' });
    await two.act('inspect', { lines: [{ isbn, accepted: 1, sellable: 1 }] });
    expect((await two.end()).outcome).toBe('completed');
  });
});

/** The sentence an action is refused with. */
const sentence = (acting: Promise<unknown>) =>
  acting.then(
    () => 'taken',
    (error: { cause?: Error }) => error.cause?.message,
  );

/** How a return that cannot be ends, and what became of its event. */
async function refusalOf(requesting: Parameters<typeof requestReturn>[1]) {
  const returning = await requestReturn(shop, requesting);
  const error = (await returning.end().catch((failure: unknown) => failure)) as { cause?: Error };
  expect(await rowOf(returning.requestId)).toBeNull();
  return { sentence: error.cause?.message, event: await eventOf(returning.workflowId) };
}

describe('an action on a return', () => {
  it('that does not fit is refused with what is possible, and changes nothing', async () => {
    const order = await bought();
    const returning = await requestReturn(shop, { order, lines: [{ isbn, quantity: 2 }] });
    await returning.is('awaiting-approval');
    expect(await sentence(returning.act('parcel-received', {}))).toContain('Possible now: approve, decline.');
    expect(await sentence(returning.act('approve', { actor: '' } as never))).toContain('must be one line');
    expect(await sentence(returning.act('decline', { reason: '' }))).toContain('The reason must be');
    await returning.act('approve', {});
    await returning.act('parcel-received', {});
    const inspect = (lines: object[]) => sentence(returning.act('inspect', { lines } as never));
    expect(await inspect([{ isbn, accepted: 3, sellable: 0 }])).toContain('from 0 to 2 can be accepted');
    expect(await inspect([{ isbn, accepted: 1, sellable: 2 }])).toContain('from 0 to 1 can be sold again');
    expect(await inspect([{ isbn: other, accepted: 1, sellable: 1 }])).toContain('Only titles of the return');
    expect((await rowOf(returning.requestId))?.actions).toHaveLength(2);
    await returning.act('inspect', { lines: [{ isbn, accepted: 2, sellable: 2 }] });
    await returning.end();
  });
});

/** What comes of a return that may not be. */
const openedOrRefused = ({ workflowId, progress }: Returning) =>
  until(async () => {
    if ((await progress()).state === 'awaiting-approval') return 'opened';
    const { status } = await shop.client.workflow.getHandle(workflowId).describe();
    return status.name === 'FAILED' && 'refused';
  });

describe('a return that cannot be', () => {
  it('is refused for more pieces than were bought, and its event becomes a repair case', async () => {
    const order = await bought();
    const { sentence: told, event } = await refusalOf({ order, lines: [{ isbn, quantity: 4 }] });
    expect(told).toContain(`${isbn} (4 asked, 3 possible)`);
    expect(event).toMatchObject({ state: 'dead-lettered', outcome: 'refused' });
    expect(event?.body).not.toBeNull();
  });

  it('is refused for a title that the order did not have, and told so, beside what is too many', async () => {
    const order = await bought();
    const foreign = '9780201835953';
    const { sentence: told } = await refusalOf({ order, lines: [{ isbn: foreign, quantity: 1 }] });
    expect(told).toBe(`The order ${order.orderId} did not have ${foreign}.`);
    const both = [
      { isbn, quantity: 4 },
      { isbn: foreign, quantity: 1 },
    ];
    expect((await refusalOf({ order, lines: both })).sentence).toBe(
      `More is to go back than was bought and is not going back already: ${isbn} (4 asked, 3 possible). The order ${order.orderId} did not have ${foreign}.`,
    );
  });

  it('is refused for an order that was cancelled, which is never completed', async () => {
    const letGo = await shop.holdTables('shipping.guard');
    const order = await shop.place({ lines: [{ isbn, quantity: 1 }] });
    await shop.client.workflow
      .getHandle(order.workflowId)
      .executeUpdate('cancel', { args: [{ actor: 'Kim', reason: null }] });
    await letGo();
    await shop.end(order);
    const { sentence: told } = await refusalOf({ order, lines: [{ isbn, quantity: 1 }] });
    expect(told).toBe(`The order ${order.orderId} was cancelled: nothing of it can go back.`);
  });

  it('is refused for an order of somebody else, as if there were none', async () => {
    const order = await bought();
    const lines = [{ isbn, quantity: 1 }];
    const { sentence: told } = await refusalOf({ order, lines, customerId: 'c-2' });
    expect(told).toBe(`This customer has no order ${order.orderId}.`);
    const none = { orderId: 'ord-00000000000000000000' };
    expect((await refusalOf({ order: none, lines })).sentence).toBe(`This customer has no order ${none.orderId}.`);
  });

  it('is refused for an order that is under way, and may come again when it is completed', async () => {
    const letGo = await shop.holdTables('shipping.guard');
    const placed = await shop.place({ lines: [{ isbn, quantity: 1 }] });
    const requesting = { order: placed, lines: [{ isbn, quantity: 1 }], requestId: `return-${placed.orderId}` };
    expect((await refusalOf(requesting)).sentence).toContain('is not completed');
    await letGo();
    await shop.end(placed);
    const returning = await requestReturn(shop, requesting);
    await returning.is('awaiting-approval');
    await returning.act('decline', { reason: 'No.' });
    await returning.end();
  });

  it('is refused when it would take, with another one at the same time, more than was bought', async () => {
    const order = await bought();
    const both = await Promise.all([1, 2].map(() => requestReturn(shop, { order, lines: [{ isbn, quantity: 2 }] })));
    const settled = await Promise.all(both.map(openedOrRefused));
    expect(new Set(settled)).toEqual(new Set(['opened', 'refused']));
    const opened = both[settled.indexOf('opened')];
    await opened?.act('decline', { reason: 'No.' });
    await opened?.end();
  });
});

describe('the client', () => {
  it('lists returns and acts on them, once under one update id', async () => {
    const run = (...argv: readonly string[]) => runCommandLine(shop.rig.env, ...argv);
    const order = await bought();
    const { requestId, ...returning } = await requestReturn(shop, { order, lines: [{ isbn, quantity: 2 }] });
    await returning.is('awaiting-approval');
    expect(objects(await run('returns', '--json'))).toMatchObject([{ requestId, state: 'awaiting-approval' }]);
    expect((await run('returns')).printed.join('\n')).toContain(`2 of ${isbn}`);
    const by = ['--actor', 'Kim', '--json'];
    const approve = ['return', 'approve', requestId, ...by, '--update-id', 'approving'];
    expect(objects(await run(...approve))).toEqual([{ requestId, state: 'awaiting-parcel', updateId: 'approving' }]);
    expect((await run(...approve)).code).toBe(0);
    const tooSoon = await run('return', 'inspect', requestId, '--line', `${isbn}:2`, ...by);
    expect({ code: tooSoon.code, noted: tooSoon.noted }).toEqual({
      code: 1,
      noted: [expect.stringContaining('Possible now: parcel-received.')],
    });
    await run('return', 'received', requestId, ...by);
    expect((await run('return', 'inspect', requestId, '--line', `${isbn}:2:1`, ...by)).code).toBe(0);
    expect((await returning.end()).outcome).toBe('completed');
    const late = await run('return', 'approve', requestId, ...by);
    expect(late.noted).toEqual([`Return ${requestId} has ended; nothing can be done to it any more.`]);
    expect((await run('return', 'approve', 'no-such-return', ...by)).noted).toEqual([
      'There is no return no-such-return.',
    ]);
    const { actions, inspected } = objects(await run('returns', '--all', '--limit', '1', '--json'))[0] ?? {};
    expect(inspected).toEqual([{ isbn, accepted: 2, sellable: 1 }]);
    expect((actions as { action: string; actor: string }[]).map(({ action, actor }) => `${action} ${actor}`)).toEqual([
      'approve Kim',
      'parcel-received Kim',
      'inspect Kim',
    ]);
  });
});
