import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Webhook, WebhookSecret } from '../../../contracts/outside/webhooks.ts';
import type { ApiError } from '../../../dashboard/server/api/api.ts';
import type { WebhookList } from '../../../dashboard/server/api/webhooks.ts';
import { lookAtDesk, type DeskVisitor } from '../../support/desk-visitor.ts';
import { startReceiver, status, type Receiver } from '../../support/receiver.ts';
import { until } from '../../support/until.ts';
import { openWebhooks, type WebhookStage } from '../../support/webhooks.ts';

let stage: WebhookStage;
let receiver: Receiver;
let desk: DeskVisitor;

beforeAll(async () => {
  stage = await openWebhooks();
  receiver = await startReceiver(stage.bridge.rig, status(410));
  desk = await lookAtDesk(stage.bridge.rig, { WEBHOOK_ALLOWED_HOSTS: receiver.host, WEBHOOK_ALLOW_HTTP: 'true' });
});

afterAll(() => stage?.bridge.rig.close());

const list = async (): Promise<readonly Webhook[]> => (await desk.get<WebhookList>('/api/webhooks')).webhooks;

it('shows nothing before their listener has run, adds webhooks, shows one that was switched off, and acts on it', async () => {
  expect(await list()).toEqual([]);
  stage.start();
  await until(() => stage.bridge.told.some((line) => line.includes('The listener listens')));
  const { rules } = stage.sources;
  (rules.allowedHosts as Set<string>).add(receiver.host);
  const { webhook, secret } = await desk.post<WebhookSecret>('/api/webhooks', {
    url: receiver.url,
    takes: ['email-sent'],
  });
  expect(secret).toMatch(/^whsec_/);
  expect(webhook).toMatchObject({ url: receiver.url, state: 'on', changedBy: 'Ada' });
  await stage.bridge.record(['ord-desk'], 1);
  await until(async () => (await list())[0]?.state === 'off');
  const answer = await desk.get<object>('/api/webhooks');
  expect(JSON.stringify(answer)).not.toContain('whsec_');
  expect(await list()).toMatchObject([{ id: webhook.id, reason: 'It answered 410 Gone.', waiting: 1 }]);
  receiver.answer(status(204));
  const on = `/api/webhooks/${webhook.id}/on`;
  expect(await desk.post<Webhook>(on, {})).toMatchObject({ state: 'on' });
  await until(async () => (await list())[0]?.waiting === 0);
  const path = (name: string) => `/api/webhooks/${webhook.id}/${name}`;
  expect(await desk.post<Webhook>(path('change'), { takes: ['stock'] })).toMatchObject({ takes: ['stock'] });
  expect((await desk.post<WebhookSecret>(path('rotate'), { keepFor: '0 days' })).secret).not.toBe(secret);
  expect(await desk.post<Webhook>(path('off'), { reason: 'They move.' })).toMatchObject({
    state: 'off',
    reason: 'They move.',
  });
  await desk.post(path('remove'), {});
  expect(await list()).toEqual([]);
});

it.each([
  ['/api/webhooks', { url: 'https://10.0.0.1/', takes: ['all'] }, 400, 'not on the public internet'],
  ['/api/webhooks', { url: 'https://example.com/', takes: ['nothing'] }, 400, 'cannot be used as it is'],
  ['/api/webhooks', { url: 'https://example.com/', takes: ['all'], secret: 'mine' }, 400, 'cannot be used as it is'],
  ['/api/webhooks/wh_0/on', {}, 404, 'There is no such webhook.'],
  ['/api/webhooks/wh_0/off', {}, 400, 'cannot be used as it is'],
  ['/api/webhooks/wh_0/explode', {}, 404, 'There is nothing here.'],
])('refuses %s %j with %d', async (path, body, code, sentence) => {
  const answer = await desk.answer(path, body);
  expect(answer.status).toBe(code);
  expect(((await answer.json()) as ApiError).error.message).toContain(sentence);
});
