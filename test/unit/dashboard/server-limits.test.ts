import { connect, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Shop } from '../../../dashboard/server/ports.ts';
import { deskHost, openBareDesk } from '../../support/bare-desk.ts';

const shop = { orders: { page: () => Promise.resolve({}) } } as unknown as Partial<Shop>;
const statuses = async (times: number, ask: () => Promise<{ readonly statusCode: number }>) => {
  const found = [];
  for (let turn = 0; turn < times; turn += 1) found.push((await ask()).statusCode);
  return found;
};

describe('how often somebody may ask', () => {
  it('is counted also of requests that are refused for their name or their site', async () => {
    const { server } = await openBareDesk(shop, { limits: { reads: 3 } });
    const rebound = () => server.inject({ url: '/api/orders', headers: { host: 'evil.example' } });
    expect(await statuses(4, rebound)).toEqual([403, 403, 403, 429]);
  });

  it('is counted also of requests without the pass', async () => {
    const { server } = await openBareDesk(shop, { limits: { reads: 3 }, token: 'x'.repeat(32) });
    const stranger = () => server.inject({ url: '/api/orders', headers: { host: deskHost } });
    expect(await statuses(4, stranger)).toEqual([401, 401, 401, 429]);
  });

  it('is counted also of changes without the anti-forgery token, and of paths that are none', async () => {
    const { server } = await openBareDesk(shop, { limits: { reads: 2, changes: 2 } });
    const headers = { host: deskHost, origin: `http://${deskHost}` };
    const forged = () => server.inject({ method: 'POST', url: '/api/orders/ord-1/retry', headers, payload: {} });
    expect(await statuses(3, forged)).toEqual([403, 403, 429]);
    expect(await statuses(3, () => server.inject({ url: '/nothing', headers }))).toEqual([404, 404, 429]);
  });

  it('leaves a reader alone who changes much, and the other way round', async () => {
    const { browser } = await openBareDesk(shop, { limits: { changes: 1 } });
    const ada = await browser();
    expect((await ada.post('/api/session/actor', { actor: 'Ada' })).statusCode).toBe(429);
    expect((await ada.get('/api/orders')).statusCode).toBe(200);
  });
});

describe('a refusal', () => {
  it('keeps a browser as safe as any other answer', async () => {
    const { server } = await openBareDesk(shop, { limits: { reads: 1 } });
    const ask = () => server.inject({ url: '/api/orders', headers: { host: 'evil.example' } });
    for (const status of [403, 429]) {
      const { statusCode, headers } = await ask();
      expect(statusCode).toBe(status);
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
      expect(headers['content-security-policy']).toContain("default-src 'none'");
    }
  });
});

describe('a request that never ends', () => {
  it('is given up after half a minute', async () => {
    const { server } = await openBareDesk(shop);
    expect(server.server.requestTimeout).toBe(30_000);
  });

  it('is answered that its time is over, and its connection is closed', async () => {
    const { server } = await openBareDesk(shop, { requestTimeout: 200 });
    await server.listen({ host: '127.0.0.1', port: 0 });
    const { port } = server.server.address() as AddressInfo;
    const slow = connect(port, '127.0.0.1');
    slow.write(`GET / HTTP/1.1\r\nhost: ${deskHost}\r\n`);
    let answer = '';
    for await (const chunk of slow.setEncoding('utf8') as AsyncIterable<string>) answer += chunk;
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    await server.close();
  });
});
