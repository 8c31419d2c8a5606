import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FlowSnapshot } from '../../../dashboard/server/api/flow.ts';
import type { ApiError } from '../../../dashboard/server/api/api.ts';
import { allPublished, openBridge, type Bridge } from '../../support/bridge.ts';
import { lookAtDesk, type DeskVisitor } from '../../support/desk-visitor.ts';
import { until } from '../../support/until.ts';

let bridge: Bridge;
let desk: DeskVisitor;

beforeAll(async () => {
  bridge = await openBridge();
  bridge.startRelay();
  await bridge.startListener('email-analytics');
  desk = await lookAtDesk(bridge.rig);
});

afterAll(() => bridge?.rig.close());

/** The listener as the desk shows it. */
const shown = async () =>
  (await desk.get<FlowSnapshot>('/api/flow')).listeners.find(
    ({ name, stream }) => name === 'email-analytics' && stream === 'FACTS',
  );

it('pauses a listener, shows what waits for it and since when, and lets it go on', async () => {
  await bridge.record(['ord-1'], 1);
  await allPublished(bridge);
  await until(async () => (await shown())?.depth === 0, { what: 'it to have heard the first fact' });
  await desk.post('/api/listeners/email-analytics/pause', {});
  await bridge.record(['ord-1'], 2);
  await allPublished(bridge);
  await until(async () => (await shown())?.depth === 2, { what: 'two facts to wait' });
  expect(await shown()).toMatchObject({ isPaused: true, liveness: 'ok', oldestSeconds: expect.any(Number) });
  await desk.post('/api/listeners/email-analytics/resume', {});
  await until(async () => (await shown())?.depth === 0, { what: 'it to have heard them' });
  expect(await shown()).toMatchObject({ isPaused: false, oldestSeconds: null });
});

it('plays its facts to a listener again, which is then what it was', async () => {
  const rows = async () => (await bridge.sql.query('SELECT * FROM email_analytics.mails_per_day')).rows;
  const before = await rows();
  await bridge.sql.query('UPDATE email_analytics.mails_per_day SET mails = 99');
  await desk.post('/api/listeners/email-analytics/replay', {});
  await until(async () => JSON.stringify(await rows()) === JSON.stringify(before), { what: 'the same counts' });
});

it.each([
  ['nobody/pause', {}, 404, 'No listener called nobody has run.'],
  ['email-analytics/pause', { for: 'ever' }, 400, ''],
  ['email-analytics/replay', { from: '2026-11-23T10:00:00Z' }, 409, 'rebuilt as a whole'],
  ['email-analytics/replay', { from: 'yesterday' }, 400, 'must be an instant'],
])('refuses %s %j with %d', async (path, body, code, sentence) => {
  const answer = await desk.answer(`/api/listeners/${path}`, body);
  expect(((await answer.json()) as ApiError).error.message).toContain(sentence);
  expect(answer.status).toBe(code);
});
