import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { placeOrder } from '../../client/place.ts';
import { loadOrderPolicy } from '../../config/order-policy.ts';
import { loadConfig } from '../../config/config.ts';
import { temporalAddress } from '../../config/temporal.ts';
import { orderWorkflowId } from '../../contracts/ids.ts';
import type { PlaceOrder } from '../../contracts/place-order.ts';

/*
 * `npm run record`, beside a running `npm start`: lets orders go through each scenario and keeps their histories for the replay tier. A scenario
 * that is recorded already is left alone: to record one anew, delete its file, and say why in a decision record.
 */

const folder = new URL('./histories/', import.meta.url);
const sums = new URL('./histories.sha256', import.meta.url);
const checkout = fileURLToPath(new URL('../../', import.meta.url));

const shipTo = {
  name: 'Anna Lindqvist',
  street: '1 Harbour Street',
  city: 'Hamburg',
  postcode: '20457',
  country: 'DE',
};
const order = {
  customerId: 'c-1',
  lines: [{ isbn: '9780134685991', quantity: 2 }],
  card: 'card_ok',
  shipTo,
  currency: 'EUR',
};

const scenarios: Readonly<Record<string, object>> = {
  'order-completed': order,
  'order-cancelled-card-refused': { ...order, card: 'card_expired' },
  'order-cancelled-out-of-stock': { ...order, lines: [{ isbn: '9780134685991', quantity: 10_000 }] },
  'order-cancelled-undeliverable': { ...order, shipTo: { ...shipTo, country: 'AQ' } },
  'order-completed-after-faults': { ...order, card: 'card_flaky' },
  'order-refused-unknown-title': { ...order, lines: [{ isbn: '9780000000002', quantity: 1 }] },
};

async function main(): Promise<void> {
  const { connectionOptions, namespace } = temporalAddress(process.env, loadConfig(process.env).stack);
  const connection = await Connection.connect(connectionOptions);
  const client = new Client({ connection, namespace });
  for (const [name, event] of Object.entries(scenarios)) await record(client, name, event);
  await recordReplenishment(client);
  await connection.close();
}

async function record(client: Client, name: string, content: object): Promise<void> {
  if (existsSync(new URL(`${name}.json`, folder))) return;
  const event = { requestId: randomUUID(), ...content } as PlaceOrder;
  const handle = client.workflow.getHandle(orderWorkflowId(event.requestId));
  // Refusals are among the scenarios: how the order ends is in its history.
  await placeOrder({ client, event, policy: loadOrderPolicy({}), deadlineMs: 30_000 }).catch((error: unknown) =>
    console.log(`${name}: ${String(error)}`),
  );
  await handle.result().catch((error: unknown) => console.log(`${name}: ${String(error)}`));
  await keep(client, name, handle.workflowId);
}

/** Any replenishment that has ended will do: the orders above are not what brings a title down to its reorder point. */
async function recordReplenishment(client: Client): Promise<void> {
  const name = 'replenishment-delivered';
  if (existsSync(new URL(`${name}.json`, folder))) return;
  const ended = `WorkflowType = 'replenishment' AND ExecutionStatus = 'Completed'`;
  for await (const { workflowId } of client.workflow.list({ query: ended, pageSize: 1 })) {
    return keep(client, name, workflowId);
  }
  console.log(`${name}: none has ended on this server yet; order a title down to its reorder point and record again.`);
}

async function keep(client: Client, name: string, workflowId: string): Promise<void> {
  const history = await client.workflow.getHandle(workflowId).fetchHistory();
  const text = `${JSON.stringify(withoutThisMachine(JSON.parse(historyToJSON(history))), null, 1)}\n`;
  writeFileSync(new URL(`${name}.json`, folder), text);
  const known = existsSync(sums) ? readFileSync(sums, 'utf8') : '';
  if (!known.includes(`  ${name}.json\n`)) writeFileSync(sums, `${known}${sha256(text)}  ${name}.json\n`);
  console.log(`${name}: recorded`);
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Stack traces name folders, and identities name hosts: neither matters to a replay. */
const withoutThisMachine = (history: unknown): unknown => JSON.parse(JSON.stringify(history, scrub));

function scrub(key: string, value: unknown): unknown {
  if (key === 'identity') return 'recorded';
  return typeof value === 'string' ? value.replaceAll(checkout, '') : value;
}

await main();
