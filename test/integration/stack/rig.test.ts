import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRig, type Rig } from '../../support/rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig({ temporal: true, nats: true, cardGateway: true, supplier: true, smtpSink: true });
});
afterAll(() => rig.close());

test('everything is there', async () => {
  expect(rig.temporal.namespace).toMatch(/^test-/);
  expect(rig.cardGateway.balance()).toBe(0);
  await rig.cardGateway.kill();
  await rig.cardGateway.start();
  expect(await rig.smtpSink.mails()).toEqual([]);
});
