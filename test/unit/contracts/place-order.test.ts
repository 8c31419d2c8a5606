import { describe, expect, test } from 'vitest';
import { parsePlaceOrder } from '../../../contracts/schemas/initiating-events.ts';

const order = {
  requestId: 'req-00000001',
  customerId: 'c-1',
  lines: [{ isbn: '9780134685991', quantity: 2 }],
  card: 'card_ok',
  shipTo: { name: 'Ada Example', street: '1 Main Street', city: 'Bergen', postcode: '5003', country: 'NO' },
  currency: 'EUR',
};

const withLine = (line: object) => ({ ...order, lines: [{ ...order.lines[0], ...line }] });
const withAddress = (part: object) => ({ ...order, shipTo: { ...order.shipTo, ...part } });
const withoutPostcode = (country: string) => {
  const { postcode: _, ...shipTo } = order.shipTo;
  return { ...order, shipTo: { ...shipTo, country } };
};
const without = (field: keyof typeof order) =>
  Object.fromEntries(Object.entries(order).filter(([name]) => name !== field));

function fieldsRefused(input: unknown): readonly string[] {
  const parsed = parsePlaceOrder(input);
  return parsed.ok ? [] : parsed.problems.map((problem) => problem.field);
}

/** Different valid ISBN-13s, for long orders. */
function isbns(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => {
    const body = `978${String(index).padStart(9, '0')}`;
    const sum = Array.from(body, Number).reduce((total, digit, at) => total + digit * (at % 2 === 0 ? 1 : 3), 0);
    return `${body}${(10 - (sum % 10)) % 10}`;
  });
}

describe('an order that is well formed', () => {
  test('is read as it is', () => {
    expect(parsePlaceOrder(order)).toEqual({ ok: true, event: order });
  });

  test.each(['IE', 'HK', 'AE', 'CL'])('needs no postcode in %s, and may have one', (country) => {
    expect(fieldsRefused(withoutPostcode(country))).toEqual([]);
    expect(fieldsRefused(withAddress({ country }))).toEqual([]);
  });

  test('carries names of every script, emoji and joined letters as they are', () => {
    for (const name of ['محمد علي', 'דוד בן־גוריון', '山田 太郎', '👩‍👧', 'می‌خواهم', 'O’Brien \u200F']) {
      expect(fieldsRefused(withAddress({ name }))).toEqual([]);
    }
  });

  test('may hold 100 titles and 10,000 pieces of one', () => {
    const lines = isbns(100).map((isbn) => ({ isbn, quantity: 10_000 }));
    expect(fieldsRefused({ ...order, lines })).toEqual([]);
  });

  test('carries markup and quotes in a name as text', () => {
    const name = `<b>O'Brien</b> & "Söhne" <script>alert(1)</script>`;
    expect(parsePlaceOrder(withAddress({ name }))).toMatchObject({ ok: true, event: { shipTo: { name } } });
  });
});

describe('an order that is not well formed is refused with the field named:', () => {
  test.each([0, -1, 10_001, 1.5, '12 EACH', '2', null, Number.NaN, -1.5])('quantity %j', (quantity) => {
    expect(fieldsRefused(withLine({ quantity }))).toEqual(['lines[0].quantity']);
  });

  test.each([
    ['hyphens', '978-0134685991'],
    ['a wrong check digit', '9780134685992'],
    ['no book prefix', '4006381333931'],
    ['too short', '978013468599'],
    ['a number', 9_780_134_685_991],
  ])('ISBN with %s', (_, isbn) => {
    expect(fieldsRefused(withLine({ isbn }))).toEqual(['lines[0].isbn']);
  });

  test.each(['\u200B', '\u2060', '\u3164', '\u00AD', '\u202E\u202C', ' \u200B '])(
    'a name of %j, which nobody sees',
    (name) => expect(fieldsRefused(withAddress({ name }))).toEqual(['shipTo.name']),
  );

  test.each(['NO', 'DE', 'US', 'JP'])('an address in %s without a postcode', (country) =>
    expect(fieldsRefused(withoutPostcode(country))).toEqual(['shipTo.postcode']),
  );

  test('a postcode of nothing, also where none is needed', () =>
    expect(fieldsRefused(withAddress({ country: 'IE', postcode: ' ' }))).toEqual(['shipTo.postcode']));

  test('no lines', () => expect(fieldsRefused({ ...order, lines: [] })).toEqual(['lines']));

  test('101 lines', () => {
    const lines = isbns(101).map((isbn) => ({ isbn, quantity: 1 }));
    expect(fieldsRefused({ ...order, lines })).toEqual(['lines']);
  });

  test('a title twice', () => {
    const lines = ['9780134685991', isbns(1)[0], '9780134685991'].map((isbn) => ({ isbn, quantity: 1 }));
    expect(fieldsRefused({ ...order, lines })).toEqual(['lines[2].isbn']);
  });

  test.each(['short', 'has space inside', 'x'.repeat(65), 'a/b/c/d/e/f', 12_345_678])('request id %j', (requestId) => {
    expect(fieldsRefused({ ...order, requestId })).toEqual(['requestId']);
  });

  test.each(['', 'c 1', 'c/1', 'x'.repeat(65)])('customer id %j', (customerId) => {
    expect(fieldsRefused({ ...order, customerId })).toEqual(['customerId']);
  });

  test.each(['', 'card ok', 'x'.repeat(129), '4111-1111'])('card %j', (card) => {
    expect(fieldsRefused({ ...order, card })).toEqual(['card']);
  });

  test.each(['XXX', 'eur', 'toString'])('currency %j', (currency) => {
    expect(fieldsRefused({ ...order, currency })).toEqual(['currency']);
  });

  test.each(['XX', 'no', 'Norway', 'constructor'])('country %j', (country) => {
    expect(fieldsRefused(withAddress({ country }))).toEqual(['shipTo.country']);
  });

  test.each(['Ada\r\nBcc: all@example.com', 'a\u0000b', 'a\u2028b', 'half \ud83d', '', '  ', 'x'.repeat(201)])(
    'name %j',
    (name) => expect(fieldsRefused(withAddress({ name }))).toEqual(['shipTo.name']),
  );

  test.each(['street', 'city', 'postcode'])('%s over two lines', (field) => {
    expect(fieldsRefused(withAddress({ [field]: 'a\nb' }))).toEqual([`shipTo.${field}`]);
  });

  test.each(['requestId', 'customerId', 'lines', 'card', 'shipTo', 'currency'] as const)('%s missing', (field) => {
    expect(fieldsRefused(without(field))).toEqual([field]);
  });

  test('fields nobody knows, at every level', () => {
    const odd = { ...withLine({ price: 1 }), coupon: 'X', shipTo: { ...order.shipTo, planet: 'Mars' } };
    expect(fieldsRefused(odd).toSorted()).toEqual(['coupon', 'lines[0].price', 'shipTo.planet']);
  });

  test('a field called __proto__, which changes nobody', () => {
    const odd: unknown = JSON.parse(`${JSON.stringify(order).slice(0, -1)},"__proto__":{"polluted":true}}`);
    expect(fieldsRefused(odd)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('a field name over several lines, which is quoted on one', () => {
    expect(fieldsRefused({ ...order, ['a\r\nb'.padEnd(500, 'x')]: 1 })[0]).toMatch(/^"a\\r\\nbx+"$/);
  });

  test.each([null, 7, 'text', [], undefined])('%j instead of an order', (input) => {
    expect(fieldsRefused(input)).toEqual(['the order']);
  });
});

test('what stood in a field is never repeated in the refusal', () => {
  const secret = 'tok_secret with spaces';
  expect(JSON.stringify(parsePlaceOrder({ ...order, card: secret }))).not.toContain('secret');
});
