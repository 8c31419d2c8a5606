import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Broker } from '../../../broker-bridge/nats/broker.ts';
import { connectBroker } from '../../../broker-bridge/nats/connect.ts';
import { customerEventSubject, eventHeaders } from '../../../contracts/customer-event-queue.ts';
import type { ApiError } from '../../../dashboard/server/api/api.ts';
import type { RepairCase } from '../../../contracts/views.ts';
import type { CasePage, CaseTaken, CaseView, CheckedMessage } from '../../../dashboard/server/api/cases.ts';
import type { ReturnList } from '../../../dashboard/server/api/people.ts';
import { lookAtDesk, type DeskVisitor } from '../../support/desk-visitor.ts';
import { requestReturn } from '../../support/returning.ts';
import { anOrder, openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';
import { silentLog } from '../../support/silent-log.ts';

let shop: Shop;
let desk: DeskVisitor;
let broker: Broker;

beforeAll(async () => {
  shop = await openShop({}, [['order-mediator', 'mediators', 'processors', 'relay', 'intake', 'listeners']]);
  desk = await lookAtDesk(shop.rig);
  broker = await connectBroker({ url: shop.rig.nats.url, name: 'producer', log: silentLog });
  shop.rig.onClose(() => broker.close());
});
afterAll(() => shop?.close());

const patience = { within: 60_000 };
const xss = `"><script>alert(1)</script><img src=x onerror=alert(1)>`;

/** Queues a place-order of this body, and waits until its case is on the desk. */
async function broken(body: string, headers: Readonly<Record<string, string>> = {}): Promise<RepairCase> {
  const id = randomUUID();
  const own = { 'ce-id': id, 'ce-source': 'test', 'ce-type': 'place-order', 'ce-specversion': '1.0' };
  const subject = customerEventSubject('place-order');
  await broker.publish({ id, subject, headers: { ...own, ...headers }, data: Buffer.from(body) });
  return until(
    async () => {
      const { cases } = await desk.get<CasePage>('/api/cases?state=waiting');
      for (const row of cases) {
        const { headers: kept } = await desk.get<CaseView>(`/api/cases/${row.caseId}`);
        if (kept['ce-id'] === id) return row;
      }
      return undefined;
    },
    { ...patience, what: 'the case on the desk' },
  );
}

const stateOf = async (caseId: string) => (await desk.get<CaseView>(`/api/cases/${caseId}`)).state;

describe('a case on the desk', () => {
  it('is shown with the field marked, checked while it is edited, and goes back to its queue and becomes an order', async () => {
    const order = anOrder();
    const wrong = JSON.stringify({ ...order, lines: [{ ...order.lines[0], quantity: 'twelve' }] }, null, 2);
    const live = await desk.live();
    const { caseId } = await broken(wrong);
    const view = await desk.get<CaseView>(`/api/cases/${caseId}`);
    expect(view).toMatchObject({ state: 'waiting', reason: 'bad-body', possible: ['resubmit', 'discard', 'take'] });
    expect(view.original).toMatchObject({ text: wrong, isUtf8: true, isCut: false });
    const [problem] = view.problems;
    expect(problem?.field).toBe('lines[0].quantity');
    const check = (body: string) => desk.post<CheckedMessage>(`/api/cases/${caseId}/check`, { body });
    expect((await check('{')).problems).toMatchObject([{ field: 'the message' }]);
    expect((await check('{"lines":[]}')).problems.map(({ field }) => field)).toContain('card');
    const right = JSON.stringify(order);
    expect((await check(right)).problems).toEqual([]);
    const refused = await desk.answer(`/api/cases/${caseId}/resubmit`, { body: wrong });
    expect(refused.status).toBe(400);
    expect(((await refused.json()) as ApiError).error.problems).toMatchObject([{ field: 'lines[0].quantity' }]);
    await desk.post(`/api/cases/${caseId}/take`, {});
    expect(await desk.get<CaseView>(`/api/cases/${caseId}`)).toMatchObject({ owner: 'Ada', state: 'waiting' });
    await desk.post<CaseTaken>(`/api/cases/${caseId}/resubmit`, { body: right });
    await until(async () => (await stateOf(caseId)) === 'repaired', patience);
    const closed = await desk.get<CaseView>(`/api/cases/${caseId}`);
    expect(closed).toMatchObject({ original: null, proposal: null, possible: [] });
    expect(closed.history.filter(({ actor }) => actor === 'Ada').map(({ step }) => step)).toEqual(
      expect.arrayContaining(['taken', 'edited']),
    );
    const isTold = () =>
      live.events.some(({ name, data }) => name === 'cases' && JSON.stringify(data).includes(caseId));
    await until(isTold, patience);
    live.end();
    expect((await desk.answer(`/api/cases/${caseId}/discard`, { reason: 'too late' })).status).toBe(409);
  });

  it('is discarded with a reason, by name, and stands among all cases then', async () => {
    const { caseId } = await broken('[]');
    expect((await desk.answer(`/api/cases/${caseId}/discard`, { reason: '' })).status).toBe(400);
    await desk.post(`/api/cases/${caseId}/discard`, { reason: 'nothing in it' });
    await until(async () => (await stateOf(caseId)) === 'discarded', patience);
    const ids = async (state: string) =>
      (await desk.get<CasePage>(`/api/cases?state=${state}`)).cases.map((row) => row.caseId);
    expect(await ids('open')).not.toContain(caseId);
    expect(await ids('all')).toContain(caseId);
  });

  it('carries whatever a producer wrote into any field as JSON text', async () => {
    const strange = {
      [xss]: xss,
      requestId: xss,
      customerId: xss,
      card: xss,
      currency: xss,
      lines: [{ isbn: xss, quantity: xss }],
      shipTo: { name: xss },
    };
    const body = JSON.stringify(strange);
    const { caseId } = await broken(body, { 'ce-source': 'https://evil.example/"><script>', 'ce-subject': xss });
    const answer = await fetch(new URL(`/api/cases/${caseId}`, desk.url));
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    const view = (await answer.json()) as CaseView;
    expect(view.original?.text).toBe(body);
    expect(view.headers['ce-subject']).toBe(xss);
    const list = JSON.stringify(await desk.get<CasePage>('/api/cases?state=all'));
    expect(list).not.toContain('script');
  });

  it('shows bytes that are no text as such', async () => {
    const id = randomUUID();
    const headers = { 'ce-id': id, 'ce-source': 'test', 'ce-type': 'place-order', 'ce-specversion': '1.0' };
    await broker.publish({
      id,
      subject: customerEventSubject('place-order'),
      headers,
      data: new Uint8Array([0x7b, 0xff, 0x7d]),
    });
    const view = await until(async () => {
      const { cases } = await desk.get<CasePage>('/api/cases?state=waiting');
      const views = await Promise.all(cases.map(({ caseId }) => desk.get<CaseView>(`/api/cases/${caseId}`)));
      return views.find(({ headers: kept }) => kept['ce-id'] === id);
    }, patience);
    expect(view).toMatchObject({ reason: 'not-utf8', original: { text: '{\ufffd}', isUtf8: false } });
  });

  it('without a usable source is judged as it would be sent, and sent as it is', async () => {
    const body = JSON.stringify(anOrder());
    const { caseId } = await broken(body, { 'ce-source': 'not a token' });
    const view = await desk.get<CaseView>(`/api/cases/${caseId}`);
    expect(view.problems.map(({ field }) => field)).toContain('ce-source');
    expect(await desk.post<CheckedMessage>(`/api/cases/${caseId}/check`, { body })).toEqual({ problems: [] });
    await desk.post<CaseTaken>(`/api/cases/${caseId}/resubmit`, { body, seen: view.resubmissions });
    await until(async () => (await stateOf(caseId)) === 'repaired', patience);
  });

  it('whose header contradicts its body says so while it is edited, and goes back with the header put right', async () => {
    const order = anOrder();
    const body = JSON.stringify(order);
    const { caseId } = await broken(body, { [eventHeaders.key]: 'c-somebody-else' });
    const { problems } = await desk.post<CheckedMessage>(`/api/cases/${caseId}/check`, { body });
    expect(problems).toMatchObject([{ field: eventHeaders.key }]);
    const headers = { [eventHeaders.key]: order.customerId };
    expect(await desk.post<CheckedMessage>(`/api/cases/${caseId}/check`, { body, headers })).toEqual({ problems: [] });
    expect((await desk.answer(`/api/cases/${caseId}/resubmit`, { body, headers: { 'ce-id': 'x' } })).status).toBe(400);
    await desk.post<CaseTaken>(`/api/cases/${caseId}/resubmit`, { body, headers, seen: 0 });
    await until(async () => (await stateOf(caseId)) === 'repaired', patience);
    const view = await desk.get<CaseView>(`/api/cases/${caseId}`);
    expect(view.headers).toMatchObject(headers);
    expect(view.history.find(({ step }) => step === 'edited')?.details).toMatchObject({ headers });
  });

  it('of a name that is none goes to the subject of the name that a person says', async () => {
    const id = randomUUID();
    const body = JSON.stringify(anOrder());
    const headers = { 'ce-id': id, 'ce-source': 'test', 'ce-type': 'order-placed', 'ce-specversion': '1.0' };
    await broker.publish({ id, subject: customerEventSubject('order-placed'), headers, data: Buffer.from(body) });
    const { caseId } = await until(async () => {
      const { cases } = await desk.get<CasePage>('/api/cases?state=waiting');
      return cases.find(({ reason }) => reason === 'unknown-event');
    }, patience);
    const corrected = { 'ce-type': 'place-order' };
    await desk.post<CaseTaken>(`/api/cases/${caseId}/resubmit`, { body, headers: corrected });
    await until(async () => (await stateOf(caseId)) === 'repaired', patience);
    const isPlaced = async () =>
      (await shop.sql('SELECT FROM mediator_store.flow WHERE request_id = $1', [JSON.parse(body).requestId])).length ===
      1;
    await until(isPlaced, { ...patience, what: 'the order' });
  });

  it('that came back since somebody looked is not sent again, nor given up, on what they saw then', async () => {
    const { caseId } = await broken('{}');
    const nobody = JSON.stringify({ ...anOrder(), customerId: 'c-nobody' });
    await desk.post<CaseTaken>(`/api/cases/${caseId}/resubmit`, { body: nobody, seen: 0 });
    const isBack = async () => {
      const { state, resubmissions } = await desk.get<CaseView>(`/api/cases/${caseId}`);
      return state === 'waiting' && resubmissions === 1;
    };
    await until(isBack, { ...patience, what: 'the message to come back' });
    for (const [action, body] of [
      ['resubmit', { body: JSON.stringify(anOrder()), seen: 0 }],
      ['discard', { reason: 'I gave it up', seen: 0 }],
    ] as const) {
      const late = await desk.answer(`/api/cases/${caseId}/${action}`, body);
      expect([late.status, ((await late.json()) as ApiError).error.message]).toEqual([
        409,
        expect.stringContaining('was sent back since you looked: look at it again.'),
      ]);
    }
    expect(await isBack()).toBe(true);
    await desk.post(`/api/cases/${caseId}/discard`, { reason: 'nobody', seen: 1 });
  });

  it('is one of a page that goes on where the one before ended', async () => {
    for (const body of ['1', '2', '3']) await broken(body);
    const ids: string[] = [];
    let after = '';
    for (;;) {
      const page: CasePage = await desk.get(`/api/cases?state=all&limit=2${after}`);
      ids.push(...page.cases.map(({ caseId }) => caseId));
      if (page.next === null) break;
      after = `&after=${page.next}`;
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual((await desk.get<CasePage>('/api/cases?state=all')).cases.map(({ caseId }) => caseId));
    expect((await fetch(new URL('/api/cases?after=bm9uc2Vuc2U', desk.url))).status).toBe(400);
  });
});

describe('a return', () => {
  it('waits on the desk for a person, who approves it by name', async () => {
    const placed = await shop.place();
    await shop.end(placed);
    const returning = await requestReturn(shop, { order: placed, lines: [{ isbn: '9780134685991', quantity: 1 }] });
    await returning.is('awaiting-approval');
    const waiting = await desk.get<ReturnList>('/api/returns?waiting=true');
    expect(waiting).toMatchObject({
      waiting: 1,
      returns: [{ requestId: returning.requestId, state: 'awaiting-approval' }],
    });
    expect((await desk.answer(`/api/returns/${returning.requestId}/inspect`, { lines: [] })).status).toBe(409);
    await desk.post(`/api/returns/${returning.requestId}/approve`, {});
    await returning.is('awaiting-parcel');
    await desk.post(`/api/returns/${returning.requestId}/parcel-received`, {});
    const lines = [{ isbn: '9780134685991', accepted: 1, sellable: 1 }];
    await desk.post(`/api/returns/${returning.requestId}/inspect`, { lines });
    expect(await returning.end()).toMatchObject({ outcome: 'completed' });
    expect((await desk.get<ReturnList>('/api/returns?waiting=true')).returns).toEqual([]);
    expect(
      (
        await desk.answer(`/api/returns/${returning.requestId}/inspect`, {
          lines: [{ isbn: 'x', accepted: -1, sellable: 5 }],
        })
      ).status,
    ).toBe(400);
  });

  it('whose refund keeps failing waits on the desk as well, with what is said, its titles and what people did', async () => {
    const placed = await shop.place();
    await shop.end(placed);
    const returning = await requestReturn(shop, { order: placed, lines: [{ isbn: '9780134685991', quantity: 1 }] });
    await returning.is('awaiting-approval');
    const live = await desk.live();
    await desk.post(`/api/returns/${returning.requestId}/approve`, { updateId: 'act-12345678' });
    await desk.post(`/api/returns/${returning.requestId}/approve`, { updateId: 'act-12345678' });
    await shop.sql(
      `UPDATE returns.return SET state = 'refunding', trouble = 'The gateway is away.' WHERE request_id = $1`,
      [returning.requestId],
    );
    const { waiting, approvals, returns } = await desk.get<ReturnList>('/api/returns?waiting=true');
    expect([waiting, approvals]).toEqual([1, 0]);
    expect(returns).toMatchObject([
      {
        requestId: returning.requestId,
        state: 'refunding',
        trouble: 'The gateway is away.',
        lines: [{ isbn: '9780134685991', title: expect.any(String) as string, price: { currency: 'EUR' } }],
        actions: [{ action: 'approve', actor: 'Ada', reason: null }],
      },
    ]);
    const told = () => live.events.filter(({ name }) => name === 'returns').length;
    const before = told();
    await shop.sql(`UPDATE returns.return SET trouble = 'The gateway says no.' WHERE request_id = $1`, [
      returning.requestId,
    ]);
    await until(() => told() > before, { ...patience, what: 'a live event of the return' });
    live.end();
  });
});
