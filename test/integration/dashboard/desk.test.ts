import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiError } from '../../../dashboard/server/api/api.ts';
import type { FlowSnapshot } from '../../../dashboard/server/api/flow.ts';
import type { BulkPreview, BulkReport, OrderDetails, OrderPage } from '../../../dashboard/server/api/orders.ts';
import type { MailPage, MailView } from '../../../dashboard/server/api/people.ts';
import { checkout } from '../../../stack/binaries.mjs';
import { heldFor } from '../../support/acting.ts';
import { lookAtDesk, type DeskVisitor } from '../../support/desk-visitor.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

let shop: Shop;
let desk: DeskVisitor;

beforeAll(async () => {
  shop = await openShop({}, [['order-mediator', 'processors', 'relay', 'listeners', 'bulk']]);
  desk = await lookAtDesk(shop.rig);
});
afterAll(() => shop?.close());

const factsOf = (rows: OrderDetails['timeline']) => rows.filter(({ kind }) => kind === 'fact').map(({ name }) => name);

const patience = { within: 60_000 };

describe('the desk on a running shop', () => {
  it('serves its page, with a script and a style of its own and nothing else', async () => {
    const page = await fetch(desk.url);
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const named = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, path = '']) => path);
    const assets = named.filter((path) => path !== 'data:,');
    expect(assets).toEqual([
      expect.stringMatching(/^\/assets\/\w+\.css$/) as string,
      expect.stringMatching(/^\/assets\/\w+\.js$/) as string,
    ]);
    const [style, script] = await Promise.all(assets.map((path) => fetch(new URL(path, desk.url))));
    expect([style?.status, style?.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
    expect([script?.status, script?.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
    expect(await script?.text()).toContain('desk-app');
  });

  it('shows an order that is held, takes another card for it, and tells everybody who looks', async () => {
    const placed = await shop.place({ card: 'card_denied' });
    await heldFor(shop, placed, 'payment');
    const live = await desk.live();
    const held = await desk.get<OrderDetails>(`/api/orders/${placed.orderId}`);
    expect(held.possible).toEqual(['pay', 'amend', 'retry', 'cancel']);
    expect(held.timeline.map(({ kind, name }) => `${kind} ${name}`)).toContain('refused apply-payment');
    const listed = await desk.get<OrderPage>(`/api/orders?state=held&holdReason=payment&q=${placed.orderId}`);
    expect(listed).toMatchObject({
      orders: [{ orderId: placed.orderId, state: 'held', holdReason: 'payment', step: 2 }],
      total: { count: 1, isExact: true },
      next: null,
    });
    await desk.post(`/api/orders/${placed.orderId}/pay`, { card: 'card_ok' });
    await shop.end(placed);
    const isTold = () =>
      live.events.some(({ name, data }) => name === 'orders' && JSON.stringify(data).includes(placed.orderId));
    await until(isTold, { ...patience, what: 'a live event of the order' });
    const { order, timeline, possible } = await desk.get<OrderDetails>(`/api/orders/${placed.orderId}`);
    expect([order.state, possible]).toEqual(['completed', []]);
    expect(timeline).toContainEqual(expect.objectContaining({ kind: 'action', name: 'pay', detail: 'Ada' }));
    // Facts stand in it before any listener has them.
    await shop.sql('DELETE FROM order_timeline.fact WHERE order_id = $1', [placed.orderId]);
    expect(factsOf(timeline)).toContain('order-completed');
    const unheard = await desk.get<OrderDetails>(`/api/orders/${placed.orderId}`);
    expect(factsOf(unheard.timeline)).toEqual(factsOf(timeline));
    expect(JSON.stringify({ held, listed, order, timeline })).not.toContain('card_');
    live.end();
  });

  it('says what an order says when an action does not fit it', async () => {
    const placed = await shop.place();
    await shop.end(placed);
    const refused = await desk.answer(`/api/orders/${placed.orderId}/retry`, {});
    expect(refused.status).toBe(409);
    expect(((await refused.json()) as ApiError).error.message).toContain('is completed');
    expect((await desk.answer('/api/orders/ord-00000000000000000000/retry', {})).status).toBe(404);
  });

  it('counts before it acts on many, and looks again afterwards at what really changed', async () => {
    const one = await shop.place({ customerId: 'c-2', card: 'card_denied' });
    const two = await shop.place({ customerId: 'c-2', card: 'card_denied' });
    const good = await shop.place({ customerId: 'c-2' });
    await Promise.all([heldFor(shop, one, 'payment'), heldFor(shop, two, 'payment'), shop.end(good)]);
    const live = await desk.live();
    const asked = {
      action: 'cancel',
      reason: 'Nobody answers',
      orderIds: [...[one, two, good].map(({ orderId }) => orderId), 'ord-00000000000000000000'],
    };
    const preview = await desk.post<BulkPreview>('/api/bulk/preview', asked);
    expect(preview).toMatchObject({ count: 3, byState: { held: 2, completed: 1 }, byHoldReason: { payment: 2 } });
    expect(preview).toMatchObject({ missing: 1, amounts: [{ currency: 'EUR', amount: expect.any(Number) as number }] });
    expect((await desk.answer(`/api/bulk/${preview.id}/run`, { count: 2 })).status).toBe(409);
    expect((await desk.get<BulkReport>(`/api/bulk/${preview.id}`)).done).toBe(0);
    await desk.post(`/api/bulk/${preview.id}/run`, { count: 3 });
    expect((await desk.answer(`/api/bulk/${preview.id}/run`, { count: 3 })).status).toBe(409);
    await Promise.all([shop.end(one), shop.end(two)]);
    const report = await until(async () => {
      const now = await desk.get<BulkReport>(`/api/bulk/${preview.id}`);
      return now.state === 'done' && now.changed === 2 && now;
    }, patience);
    expect(report).toMatchObject({ taken: 2, refused: 1, unknown: 0 });
    expect(report.orders.find(({ orderId }) => orderId === one.orderId)).toMatchObject({
      before: { state: 'held', holdReason: 'payment' },
      after: { state: 'cancelled', holdReason: null },
      answer: 'taken',
    });
    await until(() => live.events.some(({ name }) => name === 'bulk'), patience);
    live.end();
    const chosen = await desk.post<BulkPreview>('/api/bulk/preview', {
      action: 'retry',
      filter: { q: 'c-2', state: 'cancelled' },
    });
    expect(chosen.count).toBe(2);
  });

  it('shows every channel with its workers, and shouts when one has none', async () => {
    const flow = await desk.get<FlowSnapshot>('/api/flow');
    const liveness = Object.fromEntries(flow.channels.map(({ name, liveness: how }) => [name, how]));
    expect(liveness).toMatchObject({
      'payment-queue': 'ok',
      'order-mediator-queue': 'ok',
      'customer-mediator-queue': 'unpolled',
    });
    const timeline = await until(async () => {
      const { listeners } = await desk.get<FlowSnapshot>('/api/flow');
      return listeners.find(
        ({ name, stream, liveness: how }) => name === 'order-timeline' && stream === 'FACTS' && how !== 'unknown',
      );
    }, patience);
    expect(timeline).toMatchObject({ stream: 'FACTS', hasRun: true, liveness: 'ok' });
    expect(flow.outbox).toMatchObject({ depth: expect.any(Number) as number, liveness: 'ok' });
    expect(flow.unreachable).toEqual([]);
  });

  it('shows the mails that were sent, as text', async () => {
    const placed = await shop.place({ customerId: 'c-3' });
    await shop.end(placed);
    const { mails } = await desk.get<MailPage>(`/api/mails?q=${placed.orderId}`);
    expect(mails.map(({ kind }) => kind).toSorted()).toEqual(['confirmation', 'ready-to-ship', 'shipped']);
    const mail = await desk.get<MailView>(`/api/mails/${encodeURIComponent(mails[0]?.requestId ?? '')}`);
    expect(mail.content?.subject).toBeTruthy();
    expect(mail.content?.text).toContain(placed.orderId);
  });

  it('answers to no name that was made to point here, and to no path out of its files', async () => {
    const { port } = new URL(desk.url);
    const statusOf = (path: string, host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const asked = request({ host: '127.0.0.1', port, path, headers: { host } }, (answer) => {
          answer.resume().on('end', () => resolve(answer.statusCode));
        });
        asked.on('error', reject).end();
      });
    expect(await statusOf('/api/orders', `127.0.0.1:${port}`)).toBe(200);
    expect(await statusOf('/api/orders', `rebound.example:${port}`)).toBe(403);
    for (const path of ['/../package.json', '/assets/../../package.json', '/assets/..%2f..%2fpackage.json']) {
      expect(await statusOf(path, `localhost:${port}`), path).toBe(404);
    }
  });

  it('does not open beyond this machine without a token', async () => {
    const started = await new Promise<{ readonly code: unknown; readonly said: string }>((resolve) => {
      const env = { ...shop.rig.env, DASHBOARD_HOST: '0.0.0.0', DASHBOARD_TOKEN: '' };
      const args = ['--import', 'tsx', join(checkout, 'dashboard', 'main.ts')];
      execFile(process.execPath, args, { cwd: checkout, env }, (error, _, said) =>
        resolve({ code: error?.code, said }),
      );
    });
    expect(started.code).toBe(1);
    expect(started.said).toMatch(/^The repair desk does not listen on 0\.0\.0\.0 without DASHBOARD_TOKEN/);
  });

  it('is up again after it was killed, and whoever looked is told to read everything again', async () => {
    const live = await desk.live();
    await desk.restart();
    const again = await desk.live();
    expect(again.events[0]?.name).toBe('hello');
    expect(again.events[0]?.data).not.toEqual(live.events[0]?.data);
    // The anti-forgery token was the old process's: asked for anew, it goes on under the same name.
    expect((await desk.answer('/api/orders/ord-00000000000000000000/retry', {})).status).toBe(403);
    await desk.begin();
    expect((await desk.answer('/api/orders/ord-00000000000000000000/retry', {})).status).toBe(404);
    again.end();
  });
});
