import { describe, expect, test } from 'vitest';
import type { OrderActionName } from '../../../contracts/mediators/order-actions.ts';
import { parseOrderAction } from '../../../contracts/schemas/actions.ts';

const lines = [{ isbn: '9780134685991', quantity: 2 }];
const shipTo = { name: 'Ada Example', street: '1 Main Street', city: 'Bergen', postcode: '5003', country: 'NO' };

function fieldsRefused(name: OrderActionName, input: unknown): readonly string[] {
  const parsed = parseOrderAction(name, input);
  return parsed.ok ? [] : parsed.problems.map((problem) => problem.field);
}

describe('an action that is well formed is read as it is:', () => {
  test.each<[OrderActionName, object]>([
    ['pay', { actor: null, card: 'card_ok' }],
    ['pay', { actor: 'Kim', card: 'card_ok' }],
    ['amend', { actor: null, lines }],
    ['amend', { actor: null, shipTo }],
    ['amend', { actor: 'Kim', lines, shipTo }],
    ['retry', { actor: 'Kim Example' }],
    ['skip', { actor: 'Kim', command: 'email-customer' }],
    ['cancel', { actor: null, reason: null }],
    ['cancel', { actor: 'Kim', reason: 'The customer called.' }],
  ])('%s %j', (name, action) => {
    expect(parseOrderAction(name, action)).toEqual({ ok: true, action });
  });
});

test.each(['0-13-468599-7', '0134685997', 'ISBN 978-0-13-468599-1', '978 0 13 468599 1'])(
  'a title written as %s is the title it means, whoever asks',
  (isbn) => {
    const read = parseOrderAction('amend', { actor: 'Kim', lines: [{ isbn, quantity: 2 }] });
    expect(read).toMatchObject({ ok: true, action: { lines } });
    expect(fieldsRefused('amend', { actor: 'Kim', lines: [{ isbn, quantity: 1 }, ...lines] })).toEqual([
      'lines[1].isbn',
    ]);
  },
);

describe('an action that is not well formed is refused with the field named:', () => {
  test.each<[OrderActionName, unknown, string]>([
    ['pay', { actor: null }, 'card'],
    ['pay', { actor: null, card: '4111-1111' }, 'card'],
    ['pay', { actor: '', card: 'card_ok' }, 'actor'],
    ['pay', { actor: null, card: 'card_ok', amount: 0 }, 'amount'],
    ['amend', { actor: null }, 'the action'],
    ['amend', { actor: null, lines: [] }, 'lines'],
    ['amend', { actor: null, lines: [...lines, ...lines] }, 'lines[1].isbn'],
    ['amend', { actor: null, lines: [{ isbn: '0-13-468599-1', quantity: 1 }] }, 'lines[0].isbn'],
    ['amend', { actor: null, lines: [null] }, 'lines[0]'],
    ['amend', { actor: null, lines: [{ ...lines[0], quantity: 10_001 }] }, 'lines[0].quantity'],
    ['amend', { actor: null, shipTo: { ...shipTo, country: 'XX' } }, 'shipTo.country'],
    ['amend', { actor: null, lines: undefined }, 'lines'],
    ['retry', { actor: null }, 'actor'],
    ['retry', { actor: 'x'.repeat(65) }, 'actor'],
    ['retry', { actor: 'Kim\nBcc: all' }, 'actor'],
    ['skip', { actor: 'Kim', command: 'toString' }, 'command'],
    ['skip', { actor: null, command: 'order-stock' }, 'actor'],
    ['cancel', { actor: null }, 'reason'],
    ['cancel', { actor: null, reason: 'x'.repeat(201) }, 'reason'],
    ['cancel', null, 'the action'],
  ])('%s %j', (name, action, field) => {
    expect(fieldsRefused(name, action)).toContain(field);
  });
});

test('what stood in a field is never repeated in the refusal', () => {
  const refusal = parseOrderAction('pay', { actor: null, card: 'tok_secret with spaces' });
  expect(JSON.stringify(refusal)).not.toContain('secret');
});
