import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeEvent } from '../../../broker-bridge/intake/encode-event.ts';
import { orderWorkflowId } from '../../../contracts/ids.ts';
import { openDatabase, type Database } from '../../../prisma/database.ts';
import { createEventRecords, refuseEvent } from '../../../activities/mediator-store/event-records.ts';
import { headersOf, openIntakeBench, registered, type IntakeBench } from '../../support/intake.ts';
import { anOrder } from '../../support/shop.ts';
import { until } from '../../support/until.ts';
import { bodyHash } from '../../../contracts/schemas/initiating-events.ts';

let bench: IntakeBench;
let database: Database;

beforeAll(async () => {
  bench = await openIntakeBench();
  database = openDatabase(bench.rig.databaseUrl, { poolSize: 2 });
  bench.rig.onClose(() => database.close());
  bench.startIntake();
});

afterAll(() => bench?.rig.close());

const ordered = (id: string, customerId: string) => {
  const data = anOrder({ customerId });
  return { id, source: 'test', type: 'place-order', data, requestId: data.requestId };
};

const badOne = (id: string, customerId: string) => ({
  subject: 'customer.event.customer-registered',
  headers: headersOf('customer-registered', id, { 'ce-partitionkey': customerId }),
  data: `{"customerId":"${customerId}","name":"Anna"}`,
});

const rowOf = async (id: string) => (await bench.rows('event_id = $1', [id]))[0];

const becomes = (id: string, state: string) =>
  until(async () => (await rowOf(id))?.state === state, { what: `${id} to be ${state}` });

/** A bad event, and an order of its customer behind it. */
async function badWithOrder(id: string, customerId: string): Promise<string> {
  await bench.sendRaw(badOne(id, customerId));
  await bench.send(ordered(`behind-${id}`, customerId));
  await bench.drained();
  expect((await rowOf(`behind-${id}`))?.state).toBe('received');
  return (await rowOf(id))?.caseId ?? '';
}

test('a resubmitted order whose mediator was through before it was marked started stays complete', async () => {
  const caseId = await badWithOrder('m-1', 'quick');
  // The customer mediator starts the order, and can write nothing down until its mediator is through.
  await bench.sql.query(`
    CREATE FUNCTION mediator_store.not_now() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'not now'; END$$`);
  await bench.sql.query(`
    CREATE TRIGGER not_now BEFORE UPDATE ON mediator_store.initiating_event FOR EACH ROW WHEN (NEW.state = 'started')
      EXECUTE FUNCTION mediator_store.not_now()`);
  const { requestId, ...order } = ordered('m-1~1', 'quick');
  await bench.resubmit(caseId, encodeEvent(order));
  const workflowId = orderWorkflowId(requestId);
  await until(() => bench.flow(workflowId));
  expect(await rowOf('m-1~1')).toMatchObject({ state: 'received', caseId });
  expect((await rowOf('m-1'))?.state).toBe('repaired');
  const records = createEventRecords(database, { reminders: [], checkAfter: '1 day' });
  await records.completeEvent({ workflowId, outcome: 'completed' });
  await bench.sql.query('DROP TRIGGER not_now ON mediator_store.initiating_event');
  await becomes('behind-m-1', 'started');
  expect(await rowOf('m-1~1')).toMatchObject({ state: 'complete', outcome: 'completed', hasBody: false });
  await bench.drained();
  expect(bench.accepted).toContain(caseId);
});

test('a case that was not told, because the intake died after it had recorded its event, is told by another', async () => {
  const caseId = await badWithOrder('m-2', 'forgotten');
  const { rows: at } = await bench.sql.query<{ position: string }>(
    `SELECT position FROM mediator_store.initiating_event WHERE event_id = 'm-2'`,
  );
  // As the intake writes both in one statement.
  await bench.sql.query(
    `WITH repaired AS (
      UPDATE mediator_store.initiating_event SET state = 'repaired', completed_at = now(), rung_at = NULL WHERE event_id = 'm-2'
    )
    INSERT INTO mediator_store.initiating_event (source, event_id, name, customer_id, body_hash, state, stream_sequence, place, position, case_id, rung_at)
    VALUES ('test', 'm-2~1', 'customer-registered', 'forgotten', 'hash', 'complete', 900000, 'place-900000', $1, $2, now())`,
    [at[0]?.position, caseId],
  );
  await until(() => bench.accepted.includes(caseId), { within: 30_000 });
  await becomes('behind-m-2', 'started');
  expect((await rowOf('m-2'))?.state).toBe('repaired');
});

test('the same second body under one id is one case, also later; two cases of one event are settled by one flow', async () => {
  await bench.send(registered('X', 'first'));
  await becomes('X', 'complete');
  const second = encodeEvent(registered('X', 'second'));
  await bench.sendRaw(second);
  await bench.sendRaw(second);
  await bench.sendRaw({ ...second, headers: { ...second.headers, 'ce-specversion': '0.9' } });
  await bench.drained();
  const cases = await bench.rows(`customer_id = 'second' AND state = 'dead-lettered'`);
  expect(cases).toHaveLength(1);
  // Two cases that lead to one id: the second one's event is the first one's.
  const ones = [await badWithOrder('Y', 'pair'), ''];
  await bench.sendRaw({ ...badOne('Y', 'pair'), data: '{"customerId":"pair","name":"Bea"}' });
  await bench.drained();
  ones[1] = (await bench.rows(`customer_id = 'pair' AND source = 'unreadable'`))[0]?.caseId ?? '';
  for (const [index, caseId] of ones.entries()) {
    const { subject, headers, data } = encodeEvent(registered('Y~1', 'pair'));
    await bench.resubmit(caseId, { subject, headers: { ...headers, 'x-case': String(index) }, data });
  }
  await until(() => ones.every((caseId) => bench.accepted.includes(caseId)));
  expect(await bench.rows(`customer_id = 'pair' AND state = 'repaired'`)).toHaveLength(2);
  await becomes('Y~1', 'complete');
  await becomes('behind-Y', 'started');
});

test('an order that was refused holds up nobody, so that what it lacks can come', async () => {
  const { requestId, ...order } = ordered('early', 'new');
  await bench.send(order);
  await becomes('early', 'started');
  const refused = await refuseEvent(database, {
    workflowId: orderWorkflowId(requestId),
    bodyHash: bodyHash(order.data),
    refusal: 'UnknownCustomer',
    message: 'There is no customer new.',
  });
  await bench.deadLetters.send(refused?.event ?? expect.fail('nothing was refused'), false);
  await bench.send(registered('lacked', 'new'));
  await becomes('lacked', 'complete');
  expect((await rowOf('early'))?.state).toBe('dead-lettered');
  await bench.client.workflow.getHandle(orderWorkflowId(requestId)).terminate();
  await bench.resubmit(refused?.event.caseId ?? '', encodeEvent({ ...order, id: 'early~1' }));
  await becomes('early~1', 'started');
  expect((await rowOf('early'))?.state).toBe('repaired');
});

test('a case is believed only while its message is on its way back, and only of that message', async () => {
  const caseId = await badWithOrder('m-3', 'copied');
  const copy = encodeEvent(registered('copy~1', 'copied'));
  const marked = { ...copy, headers: { ...copy.headers, 'repair-case': caseId } };
  await bench.sendRaw(marked); // the case waits for a person
  await bench.drained();
  expect(await rowOf('copy~1')).toMatchObject({ state: 'received', caseId: null });
  await bench.resubmit(caseId, encodeEvent(registered('m-3~2', 'copied')));
  await becomes('m-3~2', 'complete');
  await becomes('copy~1', 'complete');
  const next = await badWithOrder('m-4', 'copied-too');
  await bench.sql.query(`UPDATE repair.case SET state = 'resubmitted', resubmissions = 2 WHERE case_id = $1`, [next]);
  const other = encodeEvent(registered('m-4~1', 'copied-too')); // sent back, and not the last time
  await bench.sendRaw({ ...other, headers: { ...other.headers, 'repair-case': next } });
  await bench.drained();
  expect(await rowOf('m-4~1')).toMatchObject({ state: 'received', caseId: null });
  expect((await rowOf('m-4'))?.state).toBe('dead-lettered');
});
