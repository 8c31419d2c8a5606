import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { placeOrder } from '../../../app/place.ts';
import { loadOrderPolicy } from '../../../config/order-policy.ts';
import { replayEverything } from '../../support/replay-everything.ts';
import { gatewayLedger, acceptedMails } from '../../support/rig/ledgers.ts';
import { anOrder } from '../../support/shop.ts';
import { freeStackPorts, startSystemProcess, type SystemProcess } from '../../support/system.ts';
import { until } from '../../support/until.ts';

let root: string;
let running: SystemProcess | undefined;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'order-mediator-system-'));
});
afterAll(async () => {
  await running?.stop();
  rmSync(root, { recursive: true, force: true });
});

it('an order in step 3 when everything is killed is finished when everything is started again, with one charge and each mail once', async () => {
  const folder = join(root, 'stack');
  const ports = await freeStackPorts();
  const { temporal, postgres } = ports;
  running = await startSystemProcess(folder, ports);
  const connect = () => Connection.connect({ address: `127.0.0.1:${temporal}` });

  const database = new pg.Client({
    connectionString: `postgresql://postgres:postgres@127.0.0.1:${postgres}/order_mediator`,
  });
  // The kill ends this connection too; nothing else may.
  database.on('error', () => undefined);
  await database.connect();
  await database.query('BEGIN; LOCK TABLE order_fulfillment.guard IN ACCESS EXCLUSIVE MODE');
  const connection = await connect();
  const placed = await placeOrder({
    client: new Client({ connection }),
    event: anOrder(),
    policy: loadOrderPolicy({}),
    deadlineMs: 60_000,
  });
  const inStep3 = `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'order_fulfillment.guard'::regclass`;
  await until(async () => (await database.query(inStep3)).rowCount, { within: 20_000, what: 'step 3' });
  await connection.close();
  await running.kill();

  running = await startSystemProcess(folder, ports);
  const again = await connect();
  const client = new Client({ connection: again });
  const outcome = await client.workflow.getHandle(placed.workflowId).result();
  await replayEverything(client, [placed.workflowId]);
  await again.close();
  expect(outcome).toMatchObject({ orderId: placed.orderId, outcome: 'completed' });
  expect(gatewayLedger(join(folder, 'card-gateway')).charges()).toHaveLength(1);
  const mails = await acceptedMails(join(folder, 'smtp-sink'));
  expect(mails.map(({ messageId }) => messageId)).toHaveLength(3);
}, 240_000);
