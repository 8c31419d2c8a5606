import { beforeEach, describe, expect, it } from 'vitest';
import type { ApiError } from '../../../dashboard/server/api/api.ts';
import type { OrderPage } from '../../../dashboard/server/api/orders.ts';
import { createOrders } from '../../../dashboard/server/orders/orders.ts';
import { createMails } from '../../../dashboard/server/mails.ts';
import type { Bulk, Cases, Mails, Orders, Returns } from '../../../dashboard/server/ports.ts';
import { deskHost, openBareDesk, type DeskBrowser } from '../../support/bare-desk.ts';
import type { Query } from '../../../prisma/statement.ts';
import type { Sources } from '../../../app/sources.ts';

const asked: unknown[] = [];
const taking =
  (answer: unknown) =>
  (...all: readonly unknown[]) => (asked.push(...all), Promise.resolve(answer));

const cases = { page: taking({}), one: taking({}), act: taking({}) } as unknown as Cases;
const orders = { page: taking({}), one: taking({}), act: taking({}) } as unknown as Orders;
const mails = { page: taking({}), one: taking({}) } as unknown as Mails;
const returns = { list: taking({}), act: taking({}) } as unknown as Returns;
const bulk = { preview: taking({}) } as unknown as Bulk;

let browser: DeskBrowser;

beforeEach(async () => {
  browser = await (await openBareDesk({ cases, orders, mails, returns, bulk })).browser();
  asked.length = 0;
});

const errorOf = (answer: { json(): unknown }) => (answer.json() as ApiError).error;

/** Sources whose PostgreSQL has these rows, and counts two. */
const having = (rows: readonly object[]): Sources =>
  ({
    database: {
      run: ({ sql }: Query<unknown>) => Promise.resolve(sql.sql.includes('count(*)') ? [{ count: 2 }] : rows),
      prisma: { repairCase: { count: () => Promise.resolve(2) } },
    },
  }) as unknown as Sources;

const long = (start: string, length: number): string => start.padEnd(length, 'x');
const at = '2026-11-23T08:00:00.123456Z';

describe('a place in a list', () => {
  const places = ['/api/orders?cursor=', '/api/cases?after=', '/api/mails?cursor='];

  it.each(places)('of %s may be as long as ids can make it, and no longer', async (url) => {
    expect((await browser.get(`${url}${'x'.repeat(1_500)}`)).statusCode).toBe(200);
    expect((await browser.get(`${url}${'x'.repeat(1_501)}`)).statusCode).toBe(400);
  });

  it('behind an order that is held, with the longest ids there are, is taken back', async () => {
    const orderId = long('ord-', 24);
    const row = {
      orderId,
      requestId: long('request', 64),
      customerId: long('c', 64),
      receivedAt: at,
      heldSince: at,
      holdId: `${orderId}/adjust-inventory/approval/12`,
    };
    const desk = await (await openBareDesk({ orders: createOrders(having([row, row])) })).browser();
    const { next } = (await desk.get('/api/orders?sort=waiting&limit=1')).json<OrderPage>();
    expect(next?.length).toBeGreaterThan(300);
    const second = await desk.get(`/api/orders?sort=waiting&limit=1&cursor=${next}`);
    expect([second.statusCode, second.json<OrderPage>().orders.length]).toEqual([200, 1]);
  });

  it('behind a mail about an event with the longest source and id is taken back, and that mail can be opened', async () => {
    const requestId = `${'/'.repeat(200)}/${'i'.repeat(200)}/email-customer/customer-registered/1`;
    const mail = { requestId, orderId: null, customerId: 'c-1', kind: 'welcome', intendedAt: at, sentAt: null };
    const desk = await (
      await openBareDesk({ mails: createMails(having([mail, mail]), () => Promise.resolve(null)) })
    ).browser();
    const { next } = (await desk.get('/api/mails?limit=1')).json<{ next: string }>();
    expect((await desk.get(`/api/mails?limit=1&cursor=${next}`)).statusCode).toBe(200);
    const opened = await desk.get(`/api/mails/${encodeURIComponent(requestId)}`);
    expect(opened.json<{ requestId: string }>().requestId).toBe(requestId);
  });

  it('that holds what PostgreSQL takes for no text is none', async () => {
    const cursor = Buffer.from(JSON.stringify({ intendedAt: at, requestId: 'a\0' })).toString('base64url');
    const desk = await (await openBareDesk({ mails: createMails(having([]), () => Promise.resolve(null)) })).browser();
    const answer = await desk.get(`/api/mails?cursor=${cursor}`);
    expect([answer.statusCode, errorOf(answer).code]).toEqual([400, 'bad-input']);
  });
});

describe('what PostgreSQL takes for no text', () => {
  it.each([
    '/api/orders/ord-%00',
    '/api/cases/%00',
    '/api/mails/a%00b',
    '/api/mails?q=%00',
    '/api/cases?after=%00',
    '/api/orders?cursor=%00',
    '/api/mails/%0a',
  ])('in %s is refused before anything is asked', async (url) => {
    const answer = await browser.get(url);
    expect([answer.statusCode, errorOf(answer).code, asked]).toEqual([400, 'bad-input', []]);
  });

  it('in the id of a return is refused before anything is done', async () => {
    expect((await browser.post('/api/returns/r%00/approve', {})).statusCode).toBe(400);
    expect(asked).toEqual([]);
  });
});

describe('an address that cannot be read', () => {
  it.each([
    ['no URL', '/%zz'],
    ['no UTF-8', '/api/cases/%E0%A4%A'],
    ['too long', `/api/orders/${'secret'.repeat(400)}`],
  ])('because it is %s is answered in words of ours that repeat nothing of it', async (_, url) => {
    const { server } = await openBareDesk({ cases, orders });
    const answer = await server.inject({ url, headers: { host: deskHost } });
    expect([answer.statusCode, errorOf(answer).code]).toEqual([400, 'bad-input']);
    expect(answer.body).not.toMatch(/secret|%/);
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'",
    });
  });
});

describe('a change', () => {
  it('of a case says what was seen of it, or nothing', async () => {
    await browser.post('/api/cases/c-1/resubmit', { body: '{}', seen: 2 });
    await browser.post('/api/cases/c-1/discard', { reason: 'old', seen: 0 });
    await browser.post('/api/cases/c-1/resubmit', { body: '{}' });
    expect(asked.filter((one) => typeof one === 'object')).toEqual([
      { actor: 'Ada', body: '{}', seen: 2 },
      { actor: 'Ada', reason: 'old', seen: 0 },
      { actor: 'Ada', body: '{}' },
    ]);
    expect((await browser.post('/api/cases/c-1/resubmit', { body: '{}', seen: 'two' })).statusCode).toBe(400);
  });

  it('of a return may be asked again under its own id', async () => {
    await browser.post('/api/returns/r-1/decline', { reason: 'worn', updateId: 'act-12345678' });
    expect(asked).toEqual(['r-1', 'decline', { actor: 'Ada', reason: 'worn' }, 'act-12345678']);
    expect((await browser.post('/api/returns/r-1/approve', { updateId: 'a b' })).statusCode).toBe(400);
  });

  it('that approves an order says what it came to, as money', async () => {
    const total = { amount: 9670, currency: 'EUR' };
    await browser.post('/api/orders/ord-1/approve', { total });
    expect(asked).toMatchObject([{ name: 'approve', action: { actor: 'Ada', total } }]);
    for (const wrong of [{ amount: 96.7, currency: 'EUR' }, { amount: 1, currency: 'XXX' }, 9670, { amount: 1 }]) {
      expect((await browser.post('/api/orders/ord-1/approve', { total: wrong })).statusCode).toBe(400);
    }
  });
});

const ids = (count: number) => Array.from({ length: count }, (_, n) => `ord-${n.toString(16).padStart(20, '0')}`);
const preview = (content: object) => browser.post('/api/bulk/preview', { action: 'retry', ...content });

describe('a bulk action', () => {
  it('takes 5,000 orders by name, and says so of more', async () => {
    expect((await preview({ orderIds: ids(5_000) })).statusCode).toBe(200);
    const more = await preview({ orderIds: ids(5_001) });
    expect([more.statusCode, errorOf(more).message]).toEqual([
      400,
      'A bulk action takes 5000 orders at most, and these are 5001: do it in several parts, or by a filter.',
    ]);
  });

  it('by a filter that says nothing is refused: it would be every order', async () => {
    expect((await preview({ filter: {} })).statusCode).toBe(400);
    expect(asked).toEqual([]);
    expect((await preview({ filter: { state: 'held' } })).statusCode).toBe(200);
  });
});
