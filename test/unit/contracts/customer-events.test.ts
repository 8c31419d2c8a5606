import { describe, expect, it } from 'vitest';
import { eventSchemas } from '../../../contracts/schemas/initiating-events.ts';

const problemOf = (customerId: string) =>
  eventSchemas['customer-registered'].safeParse({ customerId, name: 'Jo Berg', email: 'jo@example.com' }).error
    ?.issues[0]?.message;

describe('the id of a new customer', () => {
  it.each(['c-1', 'a.b', '.', 'a.', 'a..b', 'Anna_1', '9780134685990x', 'ord-1'])('may be %s', (customerId) => {
    expect(problemOf(customerId)).toBeUndefined();
  });

  it.each(['ord-0123456789abcdef0123', '9780134685991'])(
    'is not %s: it would count its facts with those of another',
    (customerId) => {
      expect(problemOf(customerId)).toBe('must not be an order id or an ISBN');
    },
  );
});

const isTaken = (email: string) =>
  eventSchemas['customer-registered'].safeParse({ customerId: 'c-1', name: 'Jo Berg', email }).success;

describe('a mail address', () => {
  it.each([
    'a@b.co',
    'jo.berg+books@mail.example.com',
    "o'brien@example.ie",
    'a@xn--bcher-kva.example',
    `${'a'.repeat(64)}@example.com`,
  ])('may be %s', (email) => expect(isTaken(email)).toBe(true));

  it.each([
    'a..b@example.com',
    '.a@example.com',
    'a.@example.com',
    'a@b-.com',
    'a@-b.com',
    'a@b..com',
    'a@b.com-',
    'a@localhost',
    'a@127.0.0.1',
    'a@example.123',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(64)}.com`,
  ])('is not %s: no server would take it', (email) => expect(isTaken(email)).toBe(false));
});

const isEvent = (name: 'mail-bounced' | 'customer-unreachable', body: object) =>
  eventSchemas[name].safeParse({ customerId: 'c-1', ...body }).success;

describe('a mail that came back', () => {
  it.each([
    [{ messageId: '<1@example.com>', status: '5.1.1' }, true],
    [{ messageId: '<1@example.com>', status: '4.2.2' }, true],
    [{ messageId: '1@example.com', status: '5.1.1' }, false],
    [{ messageId: '<1 2@example.com>', status: '5.1.1' }, false],
    [{ messageId: '<1@example.com>', status: '2.0.0' }, false],
    [{ messageId: '<1@example.com>', status: '550' }, false],
    [{ messageId: '<1@example.com>', status: '5.1.1', to: 'jo@example.com' }, false],
  ])('may say %j: %s', (body, fits) => expect(isEvent('mail-bounced', body)).toBe(fits));
});

describe('since when a customer is not reached', () => {
  it.each(['2026-11-23T10:00:00Z', '2026-11-23T10:00:00.123456Z'])('may be %s', (since) =>
    expect(isEvent('customer-unreachable', { since })).toBe(true),
  );

  it.each(['yesterday', '2026-02-30T25:00:00Z', '0000-01-01T00:00:00Z', '2026-11-23T10:00:00+23:00'])(
    'is not %s: PostgreSQL would not take it',
    (since) => expect(isEvent('customer-unreachable', { since })).toBe(false),
  );
});
