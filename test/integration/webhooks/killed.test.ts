import { Webhook as Verifier } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addWebhook } from '../../../app/webhooks.ts';
import { openDatabase } from '../../../prisma/database.ts';
import { openBridge, type Bridge } from '../../support/bridge.ts';
import { startReceiver, status, type Receiver } from '../../support/receiver.ts';
import { until } from '../../support/until.ts';

let bridge: Bridge;
let receiver: Receiver;

beforeAll(async () => {
  bridge = await openBridge();
  receiver = await startReceiver(bridge.rig, () => undefined); // answers nothing yet
  bridge.startRelay();
});

afterAll(() => bridge?.rig.close());

test('a process that is killed between the commit and the delivery loses nothing: the message goes out under its id', async () => {
  const { rig } = bridge;
  rig.env['WEBHOOK_ALLOWED_HOSTS'] = receiver.host;
  rig.env['WEBHOOK_ALLOW_HTTP'] = 'true';
  const first = await rig.launchWorker('listener:webhooks');
  const database = openDatabase(rig.databaseUrl);
  rig.onClose(() => database.close());
  const rules = { allowedHosts: new Set([receiver.host]), isHttpAllowed: true };
  const added = await until(() => addWebhook({ database, rules }, { url: receiver.url, takes: ['all'], actor: 'Ada' }));
  await bridge.record(['ord-killed'], 1);
  await until(() => receiver.posts.length === 1, { what: 'the first attempt' });
  await first.kill();
  receiver.answer(status(200));
  // Another process may make the next attempt when the time of this one is over: that is now.
  await bridge.sql.query('UPDATE webhooks.outgoing SET due_at = now()');
  await rig.launchWorker('listener:webhooks');
  await until(async () => (await bridge.sql.query('SELECT FROM webhooks.outgoing')).rowCount === 0);
  const { rows } = await bridge.sql.query<{ id: string }>(`SELECT id FROM outbox.fact WHERE key = 'ord-killed'`);
  expect(receiver.posts.map(({ headers }) => headers['webhook-id'])).toEqual([rows[0]?.id, rows[0]?.id]);
  for (const { body, headers } of receiver.posts) {
    const verified = new Verifier(added.secret).verify(body, headers as Record<string, string>);
    expect(verified).toMatchObject({ subject: 'ord-killed' });
  }
});
