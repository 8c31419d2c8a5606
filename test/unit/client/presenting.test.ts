import { describe, expect, test } from 'vitest';
import { factLine, changeLine, orderTable } from '../../../client/print/order-lines.ts';
import { orderSheet } from '../../../client/print/order-sheet.ts';
import { styleFor } from '../../../client/print/style.ts';
import { table } from '../../../client/print/table.ts';
import type { OrderView } from '../../../contracts/views.ts';
import type { Hold } from '../../../contracts/mediators/holds.ts';
import { aFact } from '../../support/facts.ts';

const plain = styleFor({ isTerminal: false, env: {} });
const colours = styleFor({ isTerminal: true, env: {} });

describe('colours', () => {
  test('are shown at a terminal', () => expect(colours.good('yes')).toBe('\u001b[32myes\u001b[39m'));

  test.each([
    ['elsewhere', { isTerminal: false, env: {} }],
    ['when NO_COLOR says so', { isTerminal: true, env: { NO_COLOR: '1' } }],
    ['by a terminal that has none', { isTerminal: true, env: { TERM: 'dumb' } }],
  ])('are not shown %s', (_, where) => expect(styleFor(where).good('yes')).toBe('yes'));
});

const cells = (paint: (text: string) => string) => [
  [paint('completed'), '5', 'ord-1'],
  [paint('open'), '12', 'ord-2'],
];

test('columns are as wide as their widest cell, and colours take no room', () => {
  const columns = [{ heading: 'state' }, { heading: 'step', align: 'right' }, { heading: 'order' }] as const;
  const bare = ['state      step  order', 'completed     5  ord-1', 'open         12  ord-2'];
  expect(table(columns, cells(plain.good))).toEqual(bare);
  // eslint-disable-next-line no-control-regex -- colour codes begin with the escape character
  expect(table(columns, cells(colours.good)).map((line) => line.replace(/\u001b\[\d+m/g, ''))).toEqual(bare);
});

const view: OrderView = {
  orderId: 'ord-1',
  requestId: 'req-00000001',
  workflowId: 'order/req-00000001',
  customerId: 'c-1',
  state: 'cancelled',
  step: 2,
  holdReason: null,
  holds: [],
  total: { amount: 2490, currency: 'EUR' },
  reason: 'The card was declined.',
  steps: [
    {
      step: 2,
      command: 'email-customer',
      processor: 'notification',
      requestId: 'ord-1/email-customer/confirmation/1',
      askedAt: '2026-11-23T04:00:00.000Z',
      acknowledgedAt: '2026-11-23T04:00:01.500Z',
      attempt: 2,
      refusal: null,
    },
    {
      step: 2,
      command: 'apply-payment',
      processor: 'payment',
      requestId: 'ord-1/apply-payment/1',
      askedAt: '2026-11-23T04:00:00.000Z',
      acknowledgedAt: null,
      attempt: null,
      refusal: 'PaymentDenied',
    },
  ],
  facts: [{ name: 'order-created', sequence: 1, at: '2026-11-23T04:00:00.100Z' }],
  actions: [],
  notes: [],
  lines: [],
  shipTo: null,
  shipment: null,
  unreachableSince: null,
};

const hold: Hold = {
  reason: 'payment',
  step: 2,
  command: 'apply-payment',
  message: 'The card was declined.',
  help: 'Pay with another card.',
  since: '2026-11-23T04:00:02.000Z',
  deadline: '2026-11-30T04:00:02.000Z',
};

test('an order is shown with its reason, its steps and its facts', () => {
  expect(orderSheet(view, plain)).toEqual([
    'order     ord-1',
    'state     cancelled, step 2 of 5',
    'because   The card was declined.',
    'customer  c-1',
    'total     EUR 24.90',
    'request   req-00000001',
    'workflow  order/req-00000001',
    '',
    'step  command                        processor     asked         answer                     attempt',
    '   2  email-customer (confirmation)  notification  04:00:00.000  acknowledged 04:00:01.500        2',
    '   2  apply-payment                  payment       04:00:00.000  refused: PaymentDenied',
    '',
    'fact  name           at',
    '   1  order-created  04:00:00.100',
  ]);
});

test('a held order is shown with what it waits for, who did what, and what came too late', () => {
  const at = '2026-11-23T05:00:00.000Z';
  const undo: Hold = {
    ...hold,
    reason: 'compensation',
    command: 'refund-payment',
    message: 'No answer.',
    deadline: null,
  };
  const actions = [
    { actionId: 'u-1', action: 'retry', actor: 'Kim', details: { commands: ['order-stock', 'apply-payment'] }, at },
    { actionId: 'u-2', action: 'cancel', actor: null, details: { reason: 'Bought elsewhere.' }, at },
  ] as const;
  const sheet = orderSheet({ ...view, holds: [hold, undo], actions, notes: ['A cancellation came too late.'] }, plain);
  expect(sheet.slice(7, 13)).toEqual([
    '',
    'held          step  command         since                deadline             what would help',
    'payment          2  apply-payment   2026-11-23 04:00:02  2026-11-30 04:00:02  Pay with another card.',
    'compensation     2  refund-payment  2026-11-23 04:00:02  none                 Pay with another card.',
    'payment: The card was declined.',
    'compensation: No answer.',
  ]);
  expect(sheet.slice(-6)).toEqual([
    '',
    'action  by            at                   update  what was asked',
    'retry   Kim           2026-11-23 05:00:00  u-1     commands: order-stock, apply-payment',
    'cancel  the customer  2026-11-23 05:00:00  u-2     reason: Bought elsewhere.',
    '',
    'A cancellation came too late.',
  ]);
});

test('an order is shown with where it goes, what travels with whom, and its lines', () => {
  const sheet = orderSheet(
    {
      ...view,
      lines: [
        { isbn: '9780132350884', quantity: 10, title: 'Clean Code' },
        { isbn: '9780134685991', quantity: 2, title: 'Effective Java' },
      ],
      shipTo: { name: 'Ada', street: '1 Main', city: 'Bergen', postcode: '5003', country: 'NO' },
      shipment: { carrier: 'Northway Parcel', method: 'parcel', trackingNumber: 'OM1' },
      unreachableSince: '2026-11-23T04:00:00.000000Z',
    },
    plain,
  );
  expect(sheet.slice(3, 14)).toEqual([
    'customer  c-1, not reached by mail since 2026-11-23 04:00:00',
    'ship to   Ada, 1 Main, 5003 Bergen, NO',
    'shipped   Northway Parcel (parcel), OM1',
    'total     EUR 24.90',
    'request   req-00000001',
    'workflow  order/req-00000001',
    '',
    'isbn           quantity  title',
    '9780132350884        10  Clean Code',
    '9780134685991         2  Effective Java',
    '',
  ]);
});

test('an amendment is told by how many titles it asked for and where to, whatever order they are kept in', () => {
  const details = { country: 'NO', lines: [{ isbn: '9780134685991', quantity: 1 }] };
  const action = { actionId: 'u-1', action: 'amend', actor: null, details, at: '2026-11-23T05:00:00.000Z' } as const;
  expect(orderSheet({ ...view, actions: [action] }, plain).at(-1)).toMatch(/ u-1 +lines: 1 title; country: NO$/);
});

test('a command whose processor failed is not called refused', () => {
  const record = {
    step: 2,
    command: 'apply-payment',
    processor: 'payment',
    requestId: 'ord-1/apply-payment/1',
  } as const;
  const failed = { ...record, askedAt: hold.since, acknowledgedAt: null, attempt: null, refusal: 'Fault' };
  expect(changeLine({ change: 'failed', record: failed }, plain)).toMatch(/apply-payment +failed$/);
  const sheet = orderSheet({ ...view, steps: [failed] }, plain).join('\n');
  expect(sheet).toMatch(/04:00:02\.000  failed$/m);
  expect(sheet).not.toContain('refused');
});

test('an order is listed with what it is held for, and with the commands where a reason is there twice', () => {
  const twice = [hold, { ...hold, command: 'order-stock' as const }];
  const inStock = { ...hold, reason: 'stock' as const };
  const lineOf = (holds: readonly Hold[]) => orderTable([{ ...view, state: 'held', holds }], plain)[1];
  expect(lineOf([hold, inStock])).toContain('held (payment, stock)');
  expect(lineOf([...twice, inStock])).toContain('held (payment at apply-payment, payment at order-stock, stock)');
  expect(orderSheet({ ...view, holds: twice }, plain)).toContain('payment at order-stock: The card was declined.');
});

test('a hold and its end are told on one line each', () => {
  const what = 'step 2  apply-payment                 ';
  expect(changeLine({ change: 'held', hold }, plain)).toBe(
    `04:00:02.000  ${what}  held (payment): The card was declined. Pay with another card.`,
  );
  expect(changeLine({ change: 'resumed', hold }, plain)).toBe(`              ${what}  goes on`);
});

test('orders are listed with what they cost, and a dash while that is not known', () => {
  expect(orderTable([view, { ...view, orderId: 'ord-22', state: 'open', total: null }], plain)).toEqual([
    'order   customer  state      step      total  request',
    'ord-1   c-1       cancelled     2  EUR 24.90  req-00000001',
    'ord-22  c-1       open          2          -  req-00000001',
  ]);
});

test('a command that needed more than one attempt says so', () => {
  const [email] = view.steps;
  const line = email && changeLine({ change: 'acknowledged', record: email }, plain);
  expect(line).toBe('04:00:01.500  step 2  email-customer (confirmation)   acknowledged at attempt 2');
});

test('a fact is told with the small values of its body', () => {
  const shipped = { orderId: 'ord-1', carrier: 'Post', method: 'parcel', trackingNumber: 'T1' };
  const fact = aFact('order-shipped', 'ord-1', shipped, { sequence: 7, time: '2026-11-23T04:00:02.000Z' });
  expect(factLine(fact, plain)).toBe(
    '04:00:02.000  order-shipped       ord-1 #7  carrier Post, method parcel, trackingNumber T1',
  );
});
