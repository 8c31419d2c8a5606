import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrderPlacementProcessor } from '../../../activities/order-placement/processor.ts';
import type { Country } from '../../../contracts/address.ts';
import type { AmendOrder, CreateOrder, OrderPlacementProcessor } from '../../../contracts/order-placement.ts';
import { address, anOrderId, atOnce, expectRefusal, isbns, openWorkbench, type Workbench } from './workbench.ts';

let bench: Workbench;
let processor: OrderPlacementProcessor;
beforeAll(async () => {
  bench = await openWorkbench();
  processor = createOrderPlacementProcessor(bench.database);
});
afterAll(() => bench.close());

const creation = (changes: Partial<CreateOrder> = {}): CreateOrder => {
  const orderId = changes.orderId ?? anOrderId();
  const lines = [
    { isbn: isbns.plenty, quantity: 2 },
    { isbn: isbns.alsoPlenty, quantity: 1 },
  ];
  return {
    requestId: `${orderId}/create-order`,
    orderId,
    customerId: 'c-1',
    lines,
    shipTo: address(),
    currency: 'EUR',
    ...changes,
  };
};

const cancel = (orderId: string) => ({ requestId: `${orderId}/cancel-order/1`, orderId, reason: 'Out of stock.' });

const rowsOf = async (orderId: string): Promise<number> => {
  const tables = ['guard', 'answer', 'placed_order', 'order_line'];
  const counts = tables.map((table) => `(SELECT count(*) FROM order_placement.${table} WHERE order_id = $1)`);
  const [row] = await bench.sql<{ rows: number }>(`SELECT (${counts.join(' + ')})::int AS rows`, [orderId]);
  return row?.rows ?? NaN;
};

describe('create-order', () => {
  it('answers with a price snapshot, the flat shipping of the zone, and their sum', async () => {
    const command = creation();
    expect(await processor.createOrder(command)).toEqual({
      orderId: command.orderId,
      lines: [
        { isbn: isbns.plenty, quantity: 2, title: 'Effective Java', unitPrice: { amount: 4590, currency: 'EUR' } },
        { isbn: isbns.alsoPlenty, quantity: 1, title: 'Clean Code', unitPrice: { amount: 4190, currency: 'EUR' } },
      ],
      shipping: { amount: 490, currency: 'EUR' },
      total: { amount: 2 * 4590 + 4190 + 490, currency: 'EUR' },
      customer: { name: 'Anna Lindqvist', email: 'anna.lindqvist@example.com' },
    });
    expect(await bench.factsOf(command.orderId)).toEqual(['order-created']);
  });

  it('prices in the currency and zone of the order', async () => {
    const { shipping, total } = await processor.createOrder(creation({ currency: 'USD', shipTo: address('US') }));
    expect(shipping).toEqual({ amount: 1649, currency: 'USD' });
    expect(total.currency).toBe('USD');
  });

  it('keeps the prices it gave when the catalogue changes', async () => {
    const command = creation({ lines: [{ isbn: '9780201633610', quantity: 1 }] });
    const before = await processor.createOrder(command);
    await bench.sql(`UPDATE order_placement.price SET amount = amount + 100 WHERE isbn = '9780201633610'`);
    expect(await processor.createOrder(command)).toEqual(before);
  });

  it('gives the same answer to the same request 20 times at once, and writes one order', async () => {
    const command = creation();
    const answers = await atOnce(20, () => processor.createOrder(command));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await rowsOf(command.orderId)).toBe(5);
    expect(await bench.factsOf(command.orderId)).toEqual(['order-created']);
  });

  it('refuses an unknown customer and leaves no row', async () => {
    const command = creation({ customerId: 'c-nobody' });
    await expectRefusal(processor.createOrder(command), 'UnknownCustomer', { customerId: 'c-nobody' });
    expect(await rowsOf(command.orderId)).toBe(0);
    expect(await bench.factsOf(command.orderId)).toEqual([]);
  });

  it('refuses unknown titles, names them all, and leaves no row', async () => {
    const unknown = ['9789999999991', '9789999999984'];
    const lines = [isbns.plenty, ...unknown].map((isbn) => ({ isbn, quantity: 1 }));
    const command = creation({ lines });
    await expectRefusal(processor.createOrder(command), 'UnknownTitle', { isbns: unknown });
    expect(await rowsOf(command.orderId)).toBe(0);
  });

  it('says of a title without a price in the currency where it has one', async () => {
    const unpriced = '9780201835953';
    await bench.sql(`DELETE FROM order_placement.price WHERE isbn = '${unpriced}' AND currency = 'GBP'`);
    const lines = [unpriced, '9789999999991'].map((isbn) => ({ isbn, quantity: 1 }));
    const refused = processor.createOrder(creation({ currency: 'GBP', lines }));
    await expect(refused).rejects.toThrow(
      `The catalogue does not have 9789999999991. ${unpriced} has no price in GBP, only in EUR, USD.`,
    );
  });

  it('gives the known answer although the customer is gone since', async () => {
    await bench.sql(`INSERT INTO order_placement.customer VALUES ('c-gone', 'Gone', 'gone@example.com')`);
    const command = creation({ customerId: 'c-gone' });
    const before = await processor.createOrder(command);
    await bench.sql(`DELETE FROM order_placement.customer WHERE customer_id = 'c-gone'`);
    expect(await processor.createOrder(command)).toEqual(before);
  });

  it('adds up amounts beyond 32 bits', async () => {
    await bench.sql(`INSERT INTO order_placement.title VALUES ('9790000000001', 'Gold', 'Nobody')`);
    await bench.sql(`INSERT INTO order_placement.price VALUES ('9790000000001', 'EUR', 2000000000)`);
    const { total } = await processor.createOrder(creation({ lines: [{ isbn: '9790000000001', quantity: 10_000 }] }));
    expect(total.amount).toBe(20_000_000_000_490);
  });
});

const amendment = (orderId: string, changes: Partial<AmendOrder> = {}): AmendOrder => ({
  requestId: `${orderId}/amend-order/1`,
  orderId,
  lines: [{ isbn: isbns.plenty, quantity: 5 }],
  shipTo: address(),
  ...changes,
});

const keptOf = async (orderId: string) => {
  const lines =
    'SELECT isbn, title, quantity, unit_amount FROM order_placement.order_line WHERE order_id = $1 ORDER BY isbn';
  const order = `SELECT ship_to->>'country' AS country, shipping_amount::int AS shipping, total_amount::int AS total
    FROM order_placement.placed_order WHERE order_id = $1`;
  return { lines: await bench.sql(lines, [orderId]), order: (await bench.sql(order, [orderId]))[0] };
};

describe('amend-order', () => {
  it('replaces lines, address and sums; titles that stay keep their price, new ones get today’s', async () => {
    await bench.sql(
      `INSERT INTO order_placement.title VALUES ('9790000000002', 'Old', 'A'), ('9790000000003', 'New', 'B')`,
    );
    await bench.sql(
      `INSERT INTO order_placement.price VALUES ('9790000000002', 'EUR', 1000), ('9790000000003', 'EUR', 300)`,
    );
    const lines = [isbns.plenty, '9790000000002'].map((isbn) => ({ isbn, quantity: 1 }));
    const created = creation({ lines });
    const before = await processor.createOrder(created);
    await bench.sql(`DELETE FROM order_placement.title WHERE isbn = '9790000000002'`);
    await bench.sql(`UPDATE order_placement.price SET amount = 400 WHERE isbn = '9790000000003'`);
    const command = amendment(created.orderId, {
      lines: ['9790000000003', '9790000000002'].map((isbn, index) => ({ isbn, quantity: 2 + index })),
      shipTo: address('US'),
    });
    const answers = await atOnce(20, () => processor.amendOrder(command));
    for (const answer of answers)
      expect(answer).toEqual({
        lines: [
          { isbn: '9790000000003', quantity: 2, title: 'New', unitPrice: { amount: 400, currency: 'EUR' } },
          { isbn: '9790000000002', quantity: 3, title: 'Old', unitPrice: { amount: 1000, currency: 'EUR' } },
        ],
        shipping: { amount: 1490, currency: 'EUR' },
        total: { amount: 2 * 400 + 3 * 1000 + 1490, currency: 'EUR' },
      });
    expect(await keptOf(created.orderId)).toEqual({
      lines: [
        { isbn: '9790000000002', title: 'Old', quantity: 3, unit_amount: 1000 },
        { isbn: '9790000000003', title: 'New', quantity: 2, unit_amount: 400 },
      ],
      order: { country: 'US', shipping: 1490, total: 5290 },
    });
    expect(await bench.factsOf(created.orderId)).toEqual(['order-created', 'order-amended']);
    expect(await processor.createOrder(created)).toEqual(before);
  });

  it('tells the country, lines and total in its fact, and nothing of the customer', async () => {
    const { orderId } = await processor.createOrder(creation());
    const { lines, total } = await processor.amendOrder(amendment(orderId));
    const [fact] = await bench.sql(`SELECT body FROM outbox.fact WHERE key = $1 AND name = 'order-amended'`, [orderId]);
    expect(fact).toEqual({ body: { orderId, country: 'DE', lines, total } });
  });

  it('may be repeated after a later amendment, and changes nothing then', async () => {
    const { orderId } = await processor.createOrder(creation());
    const first = await processor.amendOrder(amendment(orderId));
    await processor.amendOrder(amendment(orderId, { requestId: `${orderId}/amend-order/2`, shipTo: address('US') }));
    const kept = await keptOf(orderId);
    expect(await processor.amendOrder(amendment(orderId))).toEqual(first);
    expect(await keptOf(orderId)).toEqual(kept);
  });

  it('refuses unknown titles, names them all, and changes nothing', async () => {
    const { orderId } = await processor.createOrder(creation());
    const [kept, rows] = [await keptOf(orderId), await rowsOf(orderId)];
    const lines = ['9789999999991', isbns.plenty, '9789999999984'].map((isbn) => ({ isbn, quantity: 1 }));
    const refused = processor.amendOrder(amendment(orderId, { lines, shipTo: address('US') }));
    await expectRefusal(refused, 'UnknownTitle', { isbns: ['9789999999991', '9789999999984'] });
    expect([await keptOf(orderId), await rowsOf(orderId)]).toEqual([kept, rows]);
    expect(await bench.factsOf(orderId)).toEqual(['order-created']);
  });

  it('does nothing when the order was cancelled', async () => {
    const { orderId } = await processor.createOrder(creation());
    await processor.cancelOrder(cancel(orderId));
    const kept = await keptOf(orderId);
    const command = amendment(orderId);
    await expectRefusal(processor.amendOrder(command), 'AlreadyUndone', { requestId: command.requestId });
    expect(await keptOf(orderId)).toEqual(kept);
    expect(await bench.factsOf(orderId)).toEqual(['order-created', 'order-cancelled']);
  });
});

describe('cancel-order', () => {
  it('cancels once, and says so again', async () => {
    const { orderId } = await processor.createOrder(creation());
    const answers = await atOnce(20, () => processor.cancelOrder(cancel(orderId)));
    expect(answers).toEqual(answers.map(() => ({ cancelled: true })));
    expect(await bench.factsOf(orderId)).toEqual(['order-created', 'order-cancelled']);
  });

  it('does nothing when there is no such order', async () => {
    const orderId = anOrderId();
    expect(await processor.cancelOrder(cancel(orderId))).toEqual({ cancelled: false });
    expect(await bench.factsOf(orderId)).toEqual([]);
  });
});

const registration = (customerId: string, round = 1) => ({
  requestId: `customer/s/${customerId}/register-customer/${round}`,
  customerId,
  name: 'Jo Berg',
  email: 'jo.berg@example.com',
});

const customerOf = async (customerId: string) =>
  (await bench.sql('SELECT * FROM order_placement.customer WHERE customer_id = $1', [customerId]))[0];

const change = (round: number, country: Country) => ({
  requestId: `customer/s/move/change-address/${round}`,
  customerId: 'c-9',
  address: address(country),
});

/** A move of the customer `c-moves`. */
const moved = (number: number, country: Country, happenedAt?: string) =>
  processor.changeAddress({
    ...change(number, country),
    requestId: `customer/s/moves-${number}/change-address/1`,
    customerId: 'c-moves',
    ...(happenedAt ? { happenedAt } : {}),
  });

const countryOf = async (customerId = 'c-9') =>
  (
    await bench.sql(`SELECT address->>'country' AS country FROM order_placement.customer WHERE customer_id = $1`, [
      customerId,
    ])
  )[0];

describe('register-customer', () => {
  it('writes the customer once, and answers the same again, also 20 times at once', async () => {
    const answers = await atOnce(20, () => processor.registerCustomer(registration('jo-1')));
    for (const answer of answers) expect(answer).toEqual({ isNew: true });
    expect(await customerOf('jo-1')).toMatchObject({ name: 'Jo Berg', email: 'jo.berg@example.com', address: null });
    expect(await bench.factsOf('jo-1')).toEqual(['customer-created']);
  });

  it('takes a customer that is there with the same data, without a fact', async () => {
    const answers = await atOnce(10, (index) => processor.registerCustomer(registration('jo-2', index + 1)));
    expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(await bench.factsOf('jo-2')).toEqual(['customer-created']);
  });

  it.each([{ name: 'Jo Bergh' }, { email: 'other@example.com' }])(
    'refuses an id that is somebody else’s: %o',
    async (other) => {
      const customerId = `jo-3${'name' in other ? 'n' : 'e'}`;
      await processor.registerCustomer(registration(customerId));
      const refused = { ...registration(customerId, 2), ...other };
      await expectRefusal(processor.registerCustomer(refused), 'CustomerIdTaken', { customerId });
      expect(await customerOf(customerId)).toMatchObject({ name: 'Jo Berg', email: 'jo.berg@example.com' });
      const answers = await bench.sql('SELECT 1 FROM order_placement.answer WHERE request_id = $1', [
        refused.requestId,
      ]);
      expect(answers).toEqual([]);
    },
  );

  it('lets one of two that take the same id at once have it', async () => {
    const tries = await atOnce(2, (index) =>
      processor.registerCustomer({ ...registration('jo-4', index + 1), name: `Jo ${index}` }).then(
        () => 'registered',
        ({ type }: { type: string }) => type,
      ),
    );
    expect(tries.toSorted()).toEqual(['CustomerIdTaken', 'registered']);
  });
});

describe('change-address', () => {
  it('stores the address; a repeat that comes late does not bring it back', async () => {
    await processor.changeAddress(change(1, 'DE'));
    await processor.changeAddress(change(2, 'NO'));
    expect(await processor.changeAddress(change(1, 'DE'))).toEqual({ customerId: 'c-9' });
    expect(await countryOf()).toEqual({ country: 'NO' });
    expect(await bench.factsOf('c-9')).toEqual(['customer-address-changed', 'customer-address-changed']);
    const facts = await bench.sql(`SELECT body FROM outbox.fact WHERE key = 'c-9'`);
    expect(JSON.stringify(facts)).not.toContain('Harbour Street');
  });

  it('leaves an address that is newer than the event, which is complete without effect', async () => {
    await bench.sql(`INSERT INTO order_placement.customer VALUES ('c-moves', 'Moves', 'moves@example.com')`);
    await moved(1, 'DE', '2026-11-20T12:00:00Z');
    expect(await moved(2, 'NO', '2026-11-20T13:30:00+02:00')).toEqual({ customerId: 'c-moves' }); // half an hour before
    expect(await countryOf('c-moves')).toEqual({ country: 'DE' });
    await moved(3, 'FR', '2026-11-20T12:00:00Z'); // the same instant: the later to arrive
    expect(await countryOf('c-moves')).toEqual({ country: 'FR' });
    await moved(4, 'IT', '9999-01-01T00:00:00Z'); // a clock that is wrong does not shut out what comes after it
    await moved(5, 'ES');
    expect(await countryOf('c-moves')).toEqual({ country: 'ES' });
    await moved(6, 'ES'); // the same address again tells nobody anything
    expect(await bench.factsOf('c-moves')).toHaveLength(4);
  });

  it('refuses a customer that there is not, and takes the same command when there is one', async () => {
    const late = { ...change(3, 'DE'), requestId: 'customer/s/late/change-address/1', customerId: 'late' };
    await expectRefusal(processor.changeAddress(late), 'UnknownCustomer', { customerId: 'late' });
    await bench.sql(`INSERT INTO order_placement.customer VALUES ('late', 'Late', 'late@example.com')`);
    expect(await processor.changeAddress(late)).toEqual({ customerId: 'late' });
  });
});
