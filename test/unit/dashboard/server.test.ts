import { beforeEach, describe, expect, it } from 'vitest';
import type { ApiError } from '../../../dashboard/server/api/api.ts';
import type { CaseView } from '../../../dashboard/server/api/cases.ts';
import type { Cases, Orders, Shop } from '../../../dashboard/server/ports.ts';
import { AppError } from '../../../app/app-error.ts';
import { deskHost, openBareDesk, type DeskBrowser } from '../../support/bare-desk.ts';

const acted: unknown[] = [];

const orders = {
  page: () => Promise.resolve({ orders: [], next: null, total: { count: 0, isExact: true } }),
  act: (asked: unknown) => {
    acted.push(asked);
    return Promise.resolve({ orderId: 'ord-1', state: 'open', holds: [] });
  },
} as unknown as Orders;

const cases = {
  check: () => Promise.resolve([{ field: 'lines[0].quantity', message: 'must be a whole number' }]),
} as unknown as Cases;

const shop: Partial<Shop> = { orders, cases };

const failing = () => Promise.reject(new Error('SELECT secret FROM card WHERE token = card_ok'));

const codeOf = (answer: { json(): unknown }): string => (answer.json() as ApiError).error.code;

beforeEach(() => {
  acted.length = 0;
});

describe('a change', () => {
  let browser: DeskBrowser;
  const retry = (changes?: Readonly<Record<string, string | undefined>>) =>
    browser.post('/api/orders/ord-1/retry', {}, changes);

  beforeEach(async () => {
    browser = await (await openBareDesk(shop)).browser();
  });

  it('is taken from the page itself, with the name of who acts', async () => {
    expect((await retry()).statusCode).toBe(200);
    expect(acted).toEqual([{ orderId: 'ord-1', name: 'retry', action: { actor: 'Ada' } }]);
  });

  it.each([
    ['without the anti-forgery token', { 'x-csrf-token': undefined }],
    ['with a forged one', { 'x-csrf-token': 'aaaaaaaa-bbbbbbbbbbbbbbbbbbbbbbbbbbb' }],
    ['of another site', { origin: 'https://evil.example', 'sec-fetch-site': undefined }],
    ['of another port of this machine', { origin: 'http://127.0.0.1:3000', 'sec-fetch-site': undefined }],
    ['of a page without an origin', { origin: 'null' }],
    ['that the browser says comes from elsewhere', { 'sec-fetch-site': 'cross-site' }],
    ['that the browser says comes from a neighbour', { 'sec-fetch-site': 'same-site' }],
    ['that says nothing of where it comes from', { origin: undefined, 'sec-fetch-site': undefined }],
    ['under a name that was made to point here', { host: 'evil.example:7830', origin: 'http://evil.example:7830' }],
  ])('%s is refused, and nothing is done', async (_, changes) => {
    const answer = await retry(changes);
    expect([answer.statusCode, codeOf(answer)]).toEqual([403, 'forged']);
    expect(acted).toEqual([]);
  });

  it('with the token of another session is refused', async () => {
    const other = await (await openBareDesk(shop)).browser();
    expect((await retry({ 'x-csrf-token': other.session.csrfToken })).statusCode).toBe(403);
  });

  it('with a cookie and a token that fit each other, but were made elsewhere, is refused', async () => {
    const { server } = await openBareDesk(shop);
    const answer = await server.inject({
      method: 'POST',
      url: '/api/orders/ord-1/retry',
      headers: { host: deskHost, origin: `http://${deskHost}`, 'x-csrf-token': browser.session.csrfToken },
      cookies: { ...browser.cookies },
      payload: {},
    });
    expect([answer.statusCode, codeOf(answer)]).toEqual([403, 'forged']);
  });

  it('without a name is refused, and so is a name that is no name', async () => {
    const nameless = await (await openBareDesk(shop)).browser({ actor: null });
    expect(codeOf(await nameless.post('/api/orders/ord-1/retry', {}))).toBe('actor-missing');
    for (const actor of ['', ' ', 'a\nb', 'x'.repeat(65)]) {
      expect(codeOf(await nameless.post('/api/session/actor', { actor }))).toBe('bad-input');
    }
    expect(codeOf(await nameless.post('/api/orders/ord-1/retry', {}))).toBe('actor-missing');
    expect(acted).toEqual([]);
  });

  it('cannot say itself who acts', async () => {
    await browser.post('/api/orders/ord-1/retry', { actor: 'Mallory' });
    expect(acted).toEqual([{ orderId: 'ord-1', name: 'retry', action: { actor: 'Ada' } }]);
  });

  it('that is no JSON object is refused by a sentence that quotes nothing of it', async () => {
    for (const body of ['{', '[]', '"text"', '{"__proto__":{"a":1}}', 'card_secret']) {
      const answer = await browser.post('/api/orders/ord-1/pay', body);
      expect([answer.statusCode, codeOf(answer)], body).toEqual([400, 'bad-input']);
      expect(answer.body).not.toContain('card_secret');
    }
    const asText = await browser.post('/api/orders/ord-1/retry', '{}', { 'content-type': 'text/plain' });
    expect(asText.statusCode).toBe(400);
    const asForm = await browser.post('/api/orders/ord-1/retry', 'a=b', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(asForm.statusCode).toBe(400);
    expect(acted).toEqual([]);
  });

  it('over 64 KiB is refused; only an edited message may be 64 KiB itself', async () => {
    const large = await browser.post('/api/orders/ord-1/cancel', { reason: 'x'.repeat(65 * 1024) });
    expect([large.statusCode, codeOf(large)]).toEqual([413, 'too-large']);
    const whole = '"'.repeat(64 * 1024);
    expect((await browser.post('/api/cases/c-1/check', { body: whole })).statusCode).toBe(200);
    expect((await browser.post('/api/cases/c-1/check', { body: `${whole}x` })).statusCode).toBe(413);
    expect((await browser.post('/api/cases/c-1/check', { body: 'x'.repeat(200 * 1024) })).statusCode).toBe(413);
  });

  it('is refused when too many come in a minute, and so is reading', async () => {
    const busy = await openBareDesk(shop, { limits: { changes: 3, reads: 5 } });
    const hasty = await busy.browser();
    const answers = [];
    for (let turn = 0; turn < 3; turn += 1) answers.push((await hasty.post('/api/orders/ord-1/retry', {})).statusCode);
    expect(answers).toEqual([200, 200, 429]);
    const reads = [];
    for (let turn = 0; turn < 6; turn += 1) reads.push((await hasty.get('/api/orders')).statusCode);
    expect(reads).toContain(429);
  });
});

describe('an answer', () => {
  it('carries the headers that keep a browser safe, and allows no other site anything', async () => {
    const { server, browser } = await openBareDesk(shop);
    const page = await server.inject({ url: '/', headers: { host: deskHost } });
    expect(page.headers['content-security-policy']).toBe(
      "default-src 'none';script-src 'self';style-src 'self';connect-src 'self';img-src 'self' data:;frame-ancestors 'none';base-uri 'none';form-action 'self'",
    );
    expect(page.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
    expect(page.body).not.toMatch(/<script(?![^>]*src=)|<style|style=|onload=/);
    const data = await (await browser()).get('/api/orders');
    expect(data.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    expect(data.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('sets cookies that no script reads and no other site sends, over TLS only when it is served so', async () => {
    const { browser } = await openBareDesk(shop);
    const { session } = await browser();
    expect(session).toMatchObject({ isLoginNeeded: false, actor: null });
    const publicUrl = new URL('https://desk.example.org');
    const secure = await openBareDesk(shop, { publicUrl });
    const answer = await secure.server.inject({ url: '/api/session', headers: { host: 'desk.example.org' } });
    expect(answer.headers['set-cookie']).toMatch(/HttpOnly; Secure; SameSite=Strict/);
  });

  it('tells the text of a message as JSON text, whatever is in it', async () => {
    const xss = `</script><script>alert(1)</script><img src=x onerror=alert(1)>'"&\u2028`;
    const view = {
      caseId: xss,
      message: xss,
      subject: xss,
      headers: { [xss]: xss },
      correctable: [],
      customerId: xss,
      original: { text: xss, bytes: 1, isUtf8: true, isCut: false },
      problems: [{ field: xss, message: xss }],
    } as unknown as CaseView;
    const { browser } = await openBareDesk({ cases: { ...cases, one: () => Promise.resolve(view) } });
    const answer = await (await browser()).get('/api/cases/c-1');
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.json()).toEqual(view);
  });

  it('to what is not there says so without repeating it', async () => {
    const { server, browser } = await openBareDesk(shop);
    const paths = [
      '/nothing',
      '/<script>',
      '/assets/../main.ts',
      '/assets/..%2fmain.ts',
      '/assets/%2e%2e%2f%2e%2e%2fpackage.json',
      '/page/main.ts',
      '/.env',
      '/assets/',
      '//etc/passwd',
    ];
    for (const url of paths) {
      const answer = await server.inject({ url, headers: { host: deskHost } });
      expect([answer.statusCode, answer.json<ApiError>().error.message], url).toEqual([404, 'There is nothing here.']);
    }
    expect((await (await browser()).get('/api/nothing')).statusCode).toBe(404);
  });

  it('to what fails in an unforeseen way names nothing of the inside, and neither does the log', async () => {
    const { browser, told } = await openBareDesk({ orders: { ...orders, page: failing } });
    const answer = await (await browser()).get('/api/orders');
    expect([answer.statusCode, codeOf(answer)]).toEqual([500, 'internal']);
    expect(answer.body + told.join('')).not.toMatch(/SELECT|card_ok/);
    expect(told).toHaveLength(1);
  });

  it('to a refusal of an order says what the order says, and after silence that it is not known', async () => {
    const troubles = [
      new AppError('refused', 'Order ord-1 waits for nothing. Possible now: cancel.'),
      new AppError('not-known', 'It is not known. Ask again with the same --update-id x: it is not done twice.'),
    ];
    const act = () => Promise.reject(troubles.shift() ?? new Error('no more'));
    const browser = await (await openBareDesk({ orders: { ...orders, act } })).browser();
    const refused = await browser.post('/api/orders/ord-1/retry', {});
    expect([refused.statusCode, refused.json<ApiError>().error.message]).toEqual([
      409,
      'Order ord-1 waits for nothing. Possible now: cancel.',
    ]);
    const unknown = await browser.post('/api/orders/ord-1/retry', {});
    expect(unknown.statusCode).toBe(504);
    expect(unknown.body).not.toContain('--update-id');
  });

  it('to a sign of life has no data, and is given under the own names only', async () => {
    const { server } = await openBareDesk(shop, { token: 'x'.repeat(32) });
    expect((await server.inject({ url: '/health', headers: { host: deskHost } })).body).toBe('{"ok":true}');
    expect((await server.inject({ url: '/health', headers: { host: 'localhost:7830' } })).statusCode).toBe(200);
    const head = await server.inject({ method: 'HEAD', url: '/health', headers: { host: deskHost } });
    expect([head.statusCode, head.body]).toEqual([200, '']);
    for (const host of [
      'evil.example',
      'evil.example:7830',
      '127.0.0.1',
      '127.0.0.1:80',
      'localhost.evil.example:7830',
      '',
    ]) {
      expect((await server.inject({ url: '/health', headers: { host } })).statusCode, host).toBe(403);
    }
  });

  it('with data is not given to another site that asks from within a browser', async () => {
    const { browser } = await openBareDesk(shop);
    const own = await browser();
    expect((await own.get('/api/orders')).statusCode).toBe(200);
    for (const site of ['cross-site', 'same-site']) {
      expect((await own.get('/api/orders', { 'sec-fetch-site': site })).statusCode).toBe(403);
      expect((await own.get('/%61pi/orders', { 'sec-fetch-site': site })).statusCode).toBe(403);
    }
    expect((await own.get('/', { 'sec-fetch-site': 'cross-site' })).statusCode).toBe(200);
  });
});

describe('a desk with a token', () => {
  const token = 'k7Q2mZ9vX4bN8cR1tY6uW3eS5dF0gH2j';

  it('shows nothing and takes nothing before it is given', async () => {
    const { browser } = await openBareDesk(shop, { token });
    const stranger = await browser({ actor: null });
    expect(stranger.session.isLoginNeeded).toBe(true);
    const urls = [
      '/api/orders',
      '/api/orders/ord-1',
      '/api/cases',
      '/api/flow',
      '/api/mails',
      '/api/returns',
      '/api/live',
      '/api/bulk/1',
      '/api/session/actor',
      '/api//orders',
      '/%61pi/orders',
      '/api%2forders',
      '/API/orders',
      '//api/orders',
      '/api/session/../orders',
    ];
    for (const url of urls) expect((await stranger.get(url)).statusCode, url).toBeOneOf([401, 404]);
    expect(codeOf(await stranger.post('/api/orders/ord-1/retry', {}))).toBe('login-needed');
    expect(codeOf(await stranger.post('/api/session/actor', { actor: 'Ada' }))).toBe('login-needed');
    expect(acted).toEqual([]);
  });

  it('opens with it, and refuses another and a forged pass', async () => {
    const { browser, told } = await openBareDesk(shop, { token });
    const stranger = await browser({ actor: null });
    for (const wrong of ['', token.slice(1), `${token}x`, token.toLowerCase()]) {
      expect(codeOf(await stranger.post('/api/session/login', { token: wrong }))).toBe('login-needed');
    }
    expect(told.join('')).not.toContain(token.slice(1));
    const known = await browser({ token });
    expect((await known.get('/api/orders')).statusCode).toBe(200);
    expect((await known.post('/api/orders/ord-1/retry', {})).statusCode).toBe(200);
    const forged = await stranger.get('/api/orders', {
      cookie: 'desk-pass=9999999999.AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    });
    expect(forged.statusCode).toBe(401);
  });

  it('does not let anybody try many', async () => {
    const { browser } = await openBareDesk(shop, { token });
    const stranger = await browser({ actor: null });
    const codes = [];
    for (let turn = 0; turn < 12; turn += 1) {
      codes.push((await stranger.post('/api/session/login', { token: `${turn}`.repeat(32) })).statusCode);
    }
    expect(codes).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
  });
});
