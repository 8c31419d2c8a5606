import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { Runtime, DefaultLogger } from '@temporalio/worker';
import { placeOrder } from '../../app/place.ts';
import { loadOrderPolicy } from '../../config/order-policy.ts';
import { loadConfig } from '../../config/config.ts';
import { temporalAddress } from '../../config/temporal.ts';
import { labOrder } from '../lab-order.ts';
import { millisecondsOf, timesShown } from '../kit/in-turns.ts';
import { startBareWorkers } from './bare-workers.ts';

/*
 * `npm run lab:order-speed`, beside a running `npm start`: real orders and the bare five-step workflow on the same
 * server, in turns, so that other load of the machine affects both. Times are from the client's call; `placed` is until
 * the order id, `finished` until the end.
 */

const rounds = Number(process.env['ROUNDS'] ?? 3);
const oneAtATime = Number(process.env['ONE'] ?? 30);
const atOnce = 100;

async function main(): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('WARN') });
  const address = temporalAddress(process.env, loadConfig(process.env).stack);
  const connection = await Connection.connect(address.connectionOptions);
  const client = new Client({ connection, namespace: address.namespace });
  const stopBare = await startBareWorkers(address);
  const place = () => placeOrder({ client, event: labOrder(), policy: loadOrderPolicy({}), deadlineMs: 60_000 });
  const order = async () => client.workflow.getHandle((await place()).workflowId).result();
  const bare = () =>
    client.workflow.execute('bareFiveSteps', { taskQueue: 'bare-mediator', workflowId: `bare/${randomUUID()}` });
  const times = { placed: [] as number[], finished: [] as number[], bare: [] as number[] };
  const rates = { orders: [] as number[], bare: [] as number[] };
  const many = async (run: () => Promise<unknown>) =>
    (atOnce * 1000) / (await millisecondsOf(() => Promise.all(Array.from({ length: atOnce }, run))));

  await Promise.all([order(), bare()]); // warm both
  for (let round = 0; round < rounds; round += 1) {
    for (let i = 0; i < oneAtATime; i += 1) {
      const begun = performance.now();
      const { workflowId } = await place();
      times.placed.push(performance.now() - begun);
      await client.workflow.getHandle(workflowId).result();
      times.finished.push(performance.now() - begun);
      times.bare.push(await millisecondsOf(bare));
    }
    rates.orders.push(await many(order));
    rates.bare.push(await many(bare));
  }
  console.log(`one at a time, ${rounds * oneAtATime} each:`);
  console.log(`  order placed    ${timesShown(times.placed)}`);
  console.log(`  order finished  ${timesShown(times.finished)}`);
  console.log(`  bare workflow   ${timesShown(times.bare)}`);
  console.log(`${atOnce} at once, per second, in ${rounds} rounds:`);
  console.log(`  orders          ${rates.orders.map((rate) => rate.toFixed(1)).join(', ')}`);
  console.log(`  bare workflow   ${rates.bare.map((rate) => rate.toFixed(1)).join(', ')}`);
  await stopBare();
  await connection.close();
}

await main();
