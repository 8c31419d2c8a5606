import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChannelBrake } from '../../contracts/channel-brakes.ts';
import { emptyFlow } from './empty-shop.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

test('a channel is braked with a reason and released in steps, and a warning stands above the picture meanwhile', async () => {
  const { page, close } = await stage.open('/flow', { as: 'Ruth Ekberg' });
  await page.getByText('live', { exact: true }).waitFor();
  const asked: unknown[] = [];
  const channel = {
    name: 'payment-queue',
    kind: 'processor',
    depth: 12,
    inFlight: null,
    inPerSecond: 4,
    outPerSecond: 0,
    oldestSeconds: 60,
    pollers: 1,
    limitPerSecond: null,
    brake: null,
    liveness: 'ok',
  } as const;
  const show = (brake: ChannelBrake | null) =>
    stage.hub.tell('flow', { ...emptyFlow, channels: [{ ...channel, brake }] });
  const since = new Date().toISOString();
  const brake = {
    channel: 'payment-queue',
    perSecond: 0,
    reason: 'The gateway is slow.',
    actor: 'Ada',
    since,
  } as const;
  stage.put('channels', {
    brake: (name, action) => (asked.push([name, action]), Promise.resolve(brake)),
    release: (name, action) => (asked.push([name, action]), Promise.resolve(null)),
  });
  show(null);
  const card = page.locator('.flow-card').filter({ hasText: 'payment' });
  await card.getByText('Brake …').click();
  await card.getByLabel('Why').fill('The gateway is slow.');
  await card.getByRole('button', { name: 'Brake' }).click();
  await card.waitFor({ state: 'detached' }); // the flow is read again, and this shop's is empty
  show(brake);
  await card.getByText('Braked: its commands wait. By Ada').waitFor();
  await page.getByRole('alert').getByText('1 channel is braked: payment').waitFor();
  await card.getByRole('button', { name: 'Release payment to 1 a second' }).waitFor();
  await card.getByRole('button', { name: 'No limit for payment' }).click();
  await card.waitFor({ state: 'detached' });
  show(null);
  await card.getByText('Brake …').waitFor();
  expect(asked).toMatchObject([
    ['payment', { reason: 'The gateway is slow.' }],
    ['payment', { perSecond: null }],
  ]);
  await close();
});
