import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrderPlacementProcessor } from '../../../activities/order-placement/processor.ts';
import type { OrderPlacementProcessor } from '../../../contracts/order-placement.ts';
import { address, anOrderId, atOnce, expectRefusal, isbns, openWorkbench, type Workbench } from './workbench.ts';

let bench: Workbench;
let processor: OrderPlacementProcessor;
beforeAll(async () => {
  bench = await openWorkbench();
  processor = createOrderPlacementProcessor(bench.database);
});
afterAll(() => bench.close());

const aCustomer = async (customerId: string): Promise<string> => {
  await bench.sql(`INSERT INTO order_placement.customer VALUES ($1, 'Jo Berg', 'jo@bounces.example')`, [customerId]);
  return customerId;
};

const reachOf = async (customerId: string) =>
  (
    await bench.sql<{ email: string; since: Date | null }>(
      'SELECT email, unreachable_since AS since FROM order_placement.customer WHERE customer_id = $1',
      [customerId],
    )
  )[0];

const at = '2026-11-20T12:00:00.000Z';

const mark = (customerId: string, number: number, more: { since?: string; orderId?: string } = {}) =>
  processor.markUnreachable({
    requestId: `event/mails/${customerId}-${number}/mark-unreachable/1`,
    customerId,
    since: at,
    ...more,
  });

const changeTo = (email: string, customerId: string, number = 1, happenedAt?: string) =>
  processor.changeEmail({ requestId: `event/s/${customerId}-${number}/change-email/1`, customerId, email, happenedAt });

const soon = () => new Date(Date.now() + 1_000).toISOString();

describe('mark-unreachable', () => {
  it('marks the customer since the first mail that came back, with one fact, however often it is told', async () => {
    const customer = await aCustomer('c-marked');
    await atOnce(10, () => mark(customer, 1));
    await mark(customer, 2, { since: '2026-11-21T12:00:00.000Z' });
    expect((await reachOf(customer))?.since?.toISOString()).toBe(at);
    expect(await bench.factsOf(customer)).toEqual(['customer-marked-unreachable']);
    const [fact] = await bench.sql(`SELECT body, correlation_id AS request FROM outbox.fact WHERE key = $1`, [
      customer,
    ]);
    expect(fact).toEqual({
      body: { customerId: customer, since: '2026-11-20T12:00:00.000000Z' },
      request: 'mails/c-marked-1',
    });
  });

  it('is taken back by a new mail address, and comes again when mails to that one come back', async () => {
    const customer = await aCustomer('c-moved');
    await mark(customer, 1);
    await changeTo('jo@example.com', customer);
    expect(await reachOf(customer)).toEqual({ email: 'jo@example.com', since: null });
    await mark(customer, 1);
    await mark(customer, 2, { since: soon() });
    expect((await reachOf(customer))?.since).not.toBeNull();
    expect(await bench.factsOf(customer)).toEqual([
      'customer-marked-unreachable',
      'customer-email-changed',
      'customer-marked-unreachable',
    ]);
  });

  it('does nothing when the mail went to an address that the customer no longer has', async () => {
    const customer = await aCustomer('c-twice');
    const orderId = anOrderId();
    await processor.createOrder({
      requestId: `${orderId}/create-order`,
      orderId,
      customerId: customer,
      lines: [{ isbn: isbns.plenty, quantity: 1 }],
      shipTo: address(),
      currency: 'EUR',
    });
    await changeTo('jo@example.com', customer);
    await mark(customer, 1);
    await mark(customer, 2, { orderId, since: soon() }); // sent just now, to the address of the order
    expect((await reachOf(customer))?.since).toBeNull();
    expect(await bench.factsOf(customer)).toEqual(['customer-email-changed']);
  });

  it('refuses a customer that there is not', () =>
    expectRefusal(mark('c-nobody', 1), 'UnknownCustomer', { customerId: 'c-nobody' }));
});

describe('change-email', () => {
  it('stores the address, tells no one what it is, and a repeat that comes late does not bring it back', async () => {
    const customer = await aCustomer('c-mail');
    for (const [email, number] of [
      ['one@example.com', 1],
      ['two@example.com', 2],
      ['one@example.com', 1],
    ] as const)
      // prettier-ignore
      expect(await changeTo(email, customer, number)).toEqual({ customerId: customer });
    expect(await reachOf(customer)).toMatchObject({ email: 'two@example.com' });
    expect(await bench.factsOf(customer)).toEqual(['customer-email-changed', 'customer-email-changed']);
    const facts = await bench.sql('SELECT body FROM outbox.fact WHERE key = $1', [customer]);
    expect(JSON.stringify(facts)).not.toContain('example.com');
  });

  it('leaves the mail address of a later instant, whatever comes after it, and one that was only told again', async () => {
    const customer = await aCustomer('c-order-of-changes');
    await changeTo('noon@example.com', customer, 1, '2026-11-20T12:00:00Z');
    await changeTo('morning@example.com', customer, 2, '2026-11-20T09:00:00+01:00');
    expect(await reachOf(customer)).toMatchObject({ email: 'noon@example.com' });
    await changeTo('noon@example.com', customer, 3, '2026-11-20T14:00:00Z');
    await changeTo('one@example.com', customer, 4, '2026-11-20T13:00:00Z');
    expect(await reachOf(customer)).toMatchObject({ email: 'noon@example.com' });
    await changeTo('now@example.com', customer, 5);
    await changeTo('future@example.com', customer, 6, '2999-01-01T00:00:00Z');
    await changeTo('last@example.com', customer, 7);
    expect(await reachOf(customer)).toMatchObject({ email: 'last@example.com' });
    expect(await bench.factsOf(customer)).toEqual(Array(4).fill('customer-email-changed'));
  });

  it('leaves the mark of a customer who tells the same address again', async () => {
    const customer = await aCustomer('c-same');
    await mark(customer, 1);
    await changeTo('jo@bounces.example', customer);
    expect((await reachOf(customer))?.since).not.toBeNull();
    expect(await bench.factsOf(customer)).toEqual(['customer-marked-unreachable']);
  });

  it('refuses a customer that there is not', () =>
    expectRefusal(changeTo('a@example.com', 'c-nobody'), 'UnknownCustomer', { customerId: 'c-nobody' }));
});
