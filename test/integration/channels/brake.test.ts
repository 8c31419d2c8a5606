import { afterAll, beforeAll, expect, test } from 'vitest';
import { channels } from '../../../contracts/channels.ts';
import type { ChannelView } from '../../../contracts/channel-brakes.ts';
import type { FlowSnapshot } from '../../../dashboard/server/api/flow.ts';
import type { ApiError } from '../../../dashboard/server/api/api.ts';
import { objects, runCommandLine } from '../../support/command-line.ts';
import { lookAtDesk } from '../../support/desk-visitor.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const run = (...argv: readonly string[]) => runCommandLine({ ...shop.rig.env, ORDER_ACTOR: 'Ada' }, ...argv);

const payment = async (): Promise<ChannelView | undefined> =>
  (objects(await run('channels', '--json')) as unknown as ChannelView[]).find(({ name }) => name === channels.payment);

const acts = () =>
  shop.sql('SELECT channel, per_second, reason, actor FROM mediator_store.channel_brake ORDER BY position');

test('orders wait at a braked channel, its backlog shows, and they complete when it is released in steps', async () => {
  const braked = await run('brake', 'payment', '--reason', 'The gateway is slow.');
  expect(braked).toMatchObject({ code: 0, printed: ['payment is braked; its commands wait.'] });
  const placed = await Promise.all([shop.place(), shop.place(), shop.place()]);
  // A command of the reconciler may wait there too.
  await until(async () => ((await payment())?.depth ?? 0) >= 3, { what: 'three charges to wait' });
  expect(await payment()).toMatchObject({
    limitPerSecond: 0,
    brake: { perSecond: 0, reason: 'The gateway is slow.', actor: 'Ada' },
  });
  // The other commands of the step are acknowledged; only the charge waits.
  for (const { orderId } of placed)
    await until(async () => (await shop.factsOf(orderId)).includes('inventory-updated'), { what: 'stock to be taken' });
  expect(placed.flatMap(({ orderId }) => shop.rig.cardGateway.charges(orderId))).toEqual([]);
  const walked = await run('release', 'payment', '--every', '1', '--actor', 'Kim');
  expect(walked.printed).toEqual([
    'payment takes 1 commands a second; the next step is 5.',
    'payment takes 5 commands a second; the next step is 25.',
    'payment takes 25 commands a second; the next step is no limit.',
    'payment has no brake any more.',
  ]);
  for (const order of placed) expect(await shop.end(order)).toMatchObject({ outcome: 'completed' });
  expect(placed.map(({ orderId }) => shop.rig.cardGateway.charges(orderId).length)).toEqual([1, 1, 1]);
  await until(async () => (await payment())?.depth === 0, { what: 'nothing to wait' });
  expect(await payment()).toMatchObject({ limitPerSecond: null, brake: null });
  const reason = 'The gateway is slow.';
  const released = [1, 5, 25, null].map((rate) => ({
    channel: 'payment-queue',
    per_second: rate,
    reason,
    actor: 'Kim',
  }));
  expect(await acts()).toEqual([{ ...released[0], per_second: 0, actor: 'Ada' }, ...released]);
});

test('a brake that Temporal has lost is told to it again, and a limit that others have set stays', async () => {
  await run('brake', 'shipping', '--reason', 'The carrier is on strike.');
  await limit(channels.shipping, 'brake/nobody', null);
  await limit(channels.warehouse, 'an administrator', 7);
  const { alignBrakes } = await import('../../../app/channels.ts');
  const { openDatabase } = await import('../../../prisma/database.ts');
  const database = openDatabase(shop.rig.databaseUrl);
  shop.rig.onClose(() => database.close());
  const sources = { database, client: shop.client };
  expect(await alignBrakes(sources)).toEqual([channels.shipping]);
  expect(await alignBrakes(sources)).toEqual([]);
  const listed = (await run('channels')).printed.join('\n');
  expect(listed).toMatch(/shipping-queue .* braked by Ada since .*: The carrier is on strike\./);
  expect(listed).toMatch(/warehouse-queue .* 7\/s by Temporal's own settings/);
  await run('release', 'shipping', '--at-once');
  await limit(channels.shipping, 'brake/Ada', 3);
  expect(await alignBrakes(sources)).toEqual([channels.shipping]);
});

const limit = (taskQueue: string, identity: string, requestsPerSecond: number | null) =>
  shop.client.workflowService.updateTaskQueueConfig({
    namespace: shop.rig.temporal.namespace,
    taskQueue,
    taskQueueType: 2,
    identity,
    updateQueueRateLimit: { reason: '', ...(requestsPerSecond === null ? {} : { rateLimit: { requestsPerSecond } }) },
  });

const release = '/api/channels/notification/release';

test('the desk brakes and releases in the name of its actor, and shows it', async () => {
  const desk = await lookAtDesk(shop.rig);
  const shown = async () =>
    (await desk.get<FlowSnapshot>('/api/flow')).channels.find(({ name }) => name === channels.notification);
  const brake = { channel: 'notification-queue', perSecond: 0, reason: 'Mails are wrong.', actor: 'Ada' };
  expect(await desk.post('/api/channels/notification/brake', { reason: 'Mails are wrong.' })).toMatchObject({ brake });
  await until(async () => (await shown())?.brake, { what: 'the brake to be shown' });
  expect(await shown()).toMatchObject({ brake, limitPerSecond: 0, liveness: 'ok' });
  expect(await desk.post(release, {})).toMatchObject({ brake: { ...brake, perSecond: 1 } });
  expect(await desk.post(release, { perSecond: 9 })).toMatchObject({ brake: { ...brake, perSecond: 9 } });
  expect(await desk.post(release, { perSecond: null })).toEqual({ brake: null });
  const refusals = [
    ['notification/release', {}, 409, 'There is no brake on notification-queue'],
    ['nothing/brake', { reason: 'x' }, 404, 'give one of order-placement, notification, payment'],
    ['order-mediator/brake', { reason: 'x' }, 404, 'There is no channel of this name that can be braked'],
    ['payment/brake', {}, 400, 'cannot be braked or released like this'],
    ['payment/release', { perSecond: 0 }, 400, 'cannot be braked or released like this'],
  ] as const;
  for (const [to, body, status, sentence] of refusals) {
    const answer = await desk.answer(`/api/channels/${to}`, body);
    expect([to, answer.status]).toEqual([to, status]);
    expect(((await answer.json()) as ApiError).error.message).toContain(sentence);
  }
});

test.each([
  [['brake', 'payment'], 2, "required option '--reason <text>' not specified"],
  [['brake', 'payment', '--reason', ' '], 2, 'The channel cannot be braked: --reason must be text'],
  [['brake', 'bulk', '--reason', 'x'], 1, 'There is no channel of this name that can be braked: give one of'],
  [['release', 'payment'], 1, 'There is no brake on payment-queue, so that nothing can be released.'],
  [['release', 'payment', '--per-second', '0'], 2, '--per-second "0" cannot be used: give 1 to 10000.'],
  [['release', 'payment', '--per-second', '1', '--at-once'], 2, 'Give one of --per-second, --at-once and --every.'],
])('%j ends with %d and one sentence', async (argv, code, sentence) => {
  const ran = await run(...argv);
  expect(ran).toMatchObject({ code, printed: [] });
  expect(ran.noted).toHaveLength(1);
  expect(ran.noted[0]).toContain(sentence);
});
