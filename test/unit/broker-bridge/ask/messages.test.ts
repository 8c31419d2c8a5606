import { describe, expect, it, test } from 'vitest';
import { isReplySubject, readQuestion, repeatedHeaders, toMessage } from '../../../../broker-bridge/ask/messages.ts';

const data = new TextEncoder().encode('{"a":1}');

describe('a reply subject', () => {
  it.each(['_INBOX.a.b', 'replies.shop', '_R_.x', 'orders.asked.x', 'customer.replies'])('may be %s', (subject) => {
    expect(isReplySubject(subject)).toBe(true);
  });

  it.each([
    '$JS.API.STREAM.DELETE.FACTS',
    '$SRV.PING',
    'customer.event.place-order',
    'listener.x.retry',
    'orders.ask.stock',
    'orders.fact.order-created.x',
    'stock.fact.x',
    'webhooks.fact.x',
    'an-area-to-come.fact.x',
    'last-prices.9780134685991',
    'prices.9780134685991',
    'supplier.event.stock-delivered.po-1',
    'replies.*',
    'replies.>',
    'two words',
  ])('is not %s', (subject) => {
    expect(isReplySubject(subject)).toBe(false);
  });
});

const deadlineOf = (headers: Readonly<Record<string, string>>) => {
  const read = readQuestion({ data, headers });
  return read.ok ? read.asked.deadlineMs : read.error.kind;
};

describe('a question', () => {
  it('has ten seconds by default, what it asks for up to a minute, and no other deadline', () => {
    expect(deadlineOf({})).toBe(10_000);
    expect(deadlineOf({ 'Deadline-Ms': '1' })).toBe(1);
    expect(deadlineOf({ 'deadline-ms': '99999999' })).toBe(60_000);
    for (const bad of ['0', '-1', '1.5', '1e3', 'soon', '', '9999999999'])
      expect(deadlineOf({ 'deadline-ms': bad })).toBe('bad-input');
  });

  it('whose headers cannot be read is refused', () => {
    expect(readQuestion({ data, headers: null })).toMatchObject({ ok: false, error: { kind: 'bad-input' } });
    expect(repeatedHeaders(null)).toEqual({});
  });
});

test('only a correlation id that can be sent back is repeated, under the name that it came with', () => {
  expect(repeatedHeaders({ other: 'x' })).toEqual({});
  expect(repeatedHeaders({ 'Correlation-ID': '7', other: 'x' })).toEqual({ 'Correlation-ID': '7' });
  for (const bad of ['', 'x'.repeat(257), 'a\nb']) {
    expect(repeatedHeaders({ 'correlation-id': bad })).toEqual({});
    expect(readQuestion({ data, headers: { 'correlation-id': bad } })).toMatchObject({ ok: false });
  }
});

test('an error stands in the body, and its kind in the headers of NATS services', () => {
  const { data: body, ...rest } = toMessage(
    { ok: false, error: { kind: 'not-found', message: 'No.' } },
    { 'correlation-id': '7' },
  );
  expect(JSON.parse(new TextDecoder().decode(body))).toEqual({ error: { kind: 'not-found', message: 'No.' } });
  expect(rest).toEqual({
    headers: { 'content-type': 'application/json', 'correlation-id': '7' },
    error: { code: 404, description: 'not-found' },
  });
});
