import { afterAll, beforeAll, expect, test } from 'vitest';
import { openIntakeBench, registered, type IntakeBench } from '../../support/intake.ts';
import { anOrder } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

let bench: IntakeBench;

beforeAll(async () => {
  bench = await openIntakeBench();
});

afterAll(() => bench?.rig.close());

const customers = 20;
const each = 15;

/** Every customer is registered first; registrations stay open until the test completes them, orders wait for that. */
async function sendAll(): Promise<number> {
  const events = Array.from({ length: customers * each }, (_, index) => {
    const [customerId, n] = [`c-${index % customers}`, Math.floor(index / customers)];
    const order = { id: `${customerId}/${n}`, source: 'test', type: 'place-order', data: anOrder({ customerId }) };
    return n === 0 || n === 7 ? registered(`${customerId}/${n}`, customerId) : order;
  });
  for (const event of events) await bench.send(event);
  return events.length;
}

test("two intakes share the queue, one is killed: nothing is lost or doubled, and every customer's events start in order", async () => {
  const env = { ...bench.rig.env, INTAKE_ACK_SECONDS: '2', INTAKE_BATCH: '5', INTAKE_IN_FLIGHT: '40' };
  Object.assign(bench.rig.env, env);
  const [first] = await Promise.all([bench.rig.launchWorker('intake'), bench.rig.launchWorker('intake')]);
  const sending = sendAll();
  // The mediators: registrations are complete a moment after they were started.
  const completing = setInterval(() => {
    void bench.sql.query(
      `UPDATE mediator_store.initiating_event SET state = 'complete' WHERE state = 'started' AND waits_until = 'complete'`,
    );
  }, 50);
  try {
    await until(async () => (await bench.rows(`started_at IS NOT NULL`)).length > 60, { within: 30_000 });
    await first.kill();
    const total = await sending;
    await bench.drained(40_000);
    const done = async () => (await bench.rows(`started_at IS NOT NULL`)).length === total;
    await until(done, { within: 40_000, what: 'all events to be started' });
  } finally {
    clearInterval(completing);
  }
  await expectInOrder();
  await expectEachOnce();
});

async function expectInOrder(): Promise<void> {
  const { rows } = await bench.sql.query<{ wrong: number }>(`
    SELECT count(*)::int AS wrong FROM mediator_store.initiating_event AS one JOIN mediator_store.initiating_event AS later
      ON later.customer_id = one.customer_id AND later.position > one.position AND later.started_at < one.started_at`);
  expect(rows[0]?.wrong).toBe(0);
}

/** Each row has its flow, and there are no other flows. */
async function expectEachOnce(): Promise<void> {
  const rows = await bench.rows();
  const ids = new Set(rows.map(({ workflowId }) => workflowId));
  expect(ids.size).toBe(customers * each);
  const count = async () => (await bench.client.workflow.count()).count;
  await until(async () => (await count()) === ids.size, { what: 'visibility to list every flow' });
}
