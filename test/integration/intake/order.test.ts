import { afterAll, beforeAll, expect, test } from 'vitest';
import { repairWorkflowId } from '../../../contracts/ids.ts';
import { encodeEvent, type CloudEvent } from '../../../broker-bridge/intake/encode-event.ts';
import { headersOf, openIntakeBench, registered, type IntakeBench } from '../../support/intake.ts';
import { anOrder } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

let bench: IntakeBench;

beforeAll(async () => {
  bench = await openIntakeBench();
  bench.startIntake();
});

afterAll(() => bench?.rig.close());

const orderOf = (id: string, customerId: string): CloudEvent => ({
  id,
  source: 'test',
  type: 'place-order',
  data: anOrder({ customerId }),
});

const stateOf = async (id: string) => (await bench.rows('event_id = $1', [id]))[0]?.state;

const becomes = (id: string, state: string) =>
  until(async () => (await stateOf(id)) === state, { what: `${id} to be ${state}` });

/** True when the one was started only after the other was complete, or its case closed. */
const startedAfter = async (id: string, other: string): Promise<boolean> => {
  const { rows } = await bench.sql.query<{ isAfter: boolean }>(
    `SELECT one.started_at > other.completed_at AS "isAfter" FROM mediator_store.initiating_event AS one, mediator_store.initiating_event AS other
    WHERE one.event_id = $1 AND other.event_id = $2`,
    [id, other],
  );
  return rows[0]?.isAfter ?? false;
};

/** The instant at which Temporal began the order of this event, in milliseconds. */
async function startOf(id: string): Promise<number> {
  const { workflowId } = (await bench.rows('event_id = $1', [id]))[0] ?? {};
  const { startTime } = await bench.client.workflow.getHandle(workflowId ?? '').describe();
  return startTime.getTime();
}

const badOne = (id: string, customerId: string) => ({
  subject: 'customer.event.customer-registered',
  headers: headersOf('customer-registered', id, { 'ce-partitionkey': customerId }),
  data: `{"customerId":"${customerId}","name":"Anna"}`,
});

test('an order waits until the registration of its customer is complete; others pass', async () => {
  const letGo = await bench.holdCustomers();
  await bench.send(registered('r-1', 'waiting'));
  await bench.send(orderOf('p-1', 'waiting'));
  await bench.send(orderOf('p-2', 'waiting'));
  await bench.send(orderOf('p-3', 'passing'));
  await bench.drained(); // one that waits is off the queue
  await becomes('p-3', 'started');
  await becomes('r-1', 'started');
  expect([await stateOf('p-1'), await stateOf('p-2')]).toEqual(['received', 'received']);
  await letGo();
  await becomes('p-1', 'started');
  await becomes('p-2', 'started'); // nothing waits for an order to be complete
  expect(await startedAfter('p-1', 'r-1')).toBe(true);
  expect(await startOf('p-1')).toBeLessThan(await startOf('p-2'));
});

test('later events of a customer wait while a bad one is repaired, and go on when it is discarded', async () => {
  await bench.sendRaw(badOne('b-1', 'mending'));
  await bench.send(orderOf('p-4', 'mending'));
  await bench.send(orderOf('p-5', 'other'));
  await bench.drained();
  await becomes('p-5', 'started');
  expect([await stateOf('b-1'), await stateOf('p-4')]).toEqual(['dead-lettered', 'received']);
  const caseId = (await bench.rows(`event_id = 'b-1'`))[0]?.caseId ?? '';
  await bench.discard(caseId);
  await becomes('p-4', 'started');
  expect(await stateOf('b-1')).toBe('discarded');
  expect(await startedAfter('p-4', 'b-1')).toBe(true);
});

test('of those that go on at once the simple one behind an order is started with it, and holds up what comes behind it', async () => {
  await bench.sendRaw(badOne('b-7', 'both'));
  for (const event of [orderOf('p-10', 'both'), registered('r-3', 'both'), orderOf('p-11', 'both')])
    await bench.send(event);
  await bench.drained();
  const letGo = await bench.holdCustomers();
  await bench.discard((await bench.rows(`event_id = 'b-7'`))[0]?.caseId ?? '');
  await becomes('p-10', 'started');
  await becomes('r-3', 'started');
  expect(await stateOf('p-11')).toBe('received');
  await letGo();
  await becomes('p-11', 'started');
  expect(await startedAfter('p-11', 'r-3')).toBe(true);
});

test('a resubmitted event takes the place of the one it stands for, before those that came meanwhile', async () => {
  const place = await bench.sendRaw(badOne('b-2', 'resent'));
  await bench.send(orderOf('p-6', 'resent'));
  await bench.drained();
  const before = (await bench.rows(`event_id = 'b-2'`))[0];
  const again = encodeEvent(registered('b-2~1', 'resent'));
  const letGo = await bench.holdCustomers();
  await bench.resubmit(before?.caseId ?? '', again);
  await becomes('b-2~1', 'started');
  expect(await stateOf('b-2')).toBe('repaired');
  const [after] = await bench.rows(`event_id = 'b-2~1'`);
  expect(after).toMatchObject({ caseId: before?.caseId, position: before?.position });
  expect(after?.sequence).toBeGreaterThan(place);
  await bench.drained();
  expect(bench.accepted).toContain(before?.caseId);
  expect(await stateOf('p-6')).toBe('received'); // it waits for the registration itself
  await letGo();
  await becomes('p-6', 'started');
  expect(await startedAfter('p-6', 'b-2~1')).toBe(true);
});

test('a resubmitted event that is bad again comes back to the same case, and its customer still waits', async () => {
  await bench.sendRaw(badOne('b-3', 'twice'));
  await bench.send(orderOf('p-7', 'twice'));
  await bench.drained();
  const caseId = (await bench.rows(`event_id = 'b-3'`))[0]?.caseId ?? '';
  await bench.resubmit(caseId, badOne('b-3~1', 'twice'));
  await bench.drained();
  const told = bench.sentLetters.filter(({ event }) => event.caseId === caseId);
  expect(told.map(({ isReturned }) => isReturned)).toEqual([false, true]);
  expect(await stateOf('p-7')).toBe('received');
  await bench.resubmit(caseId, encodeEvent(registered('b-3~2', 'twice')));
  await becomes('b-3~2', 'complete');
  await becomes('p-7', 'started');
  expect([await stateOf('b-3'), await stateOf('b-3~1')]).toEqual(['repaired', 'repaired']);
});

test('a case that nobody opened is not believed: the event keeps its own place', async () => {
  await bench.sendRaw(badOne('b-4', 'forged'));
  await bench.drained();
  const event = encodeEvent(registered('f-1', 'forged'));
  await bench.broker.publish({ ...event, headers: { ...event.headers, 'repair-case': 'customer-event-queue-1-1' } });
  await bench.drained();
  expect((await bench.rows(`event_id = 'f-1'`))[0]).toMatchObject({ state: 'received', caseId: null });
});

test('hundreds that wait do not hold up others', async () => {
  await bench.sendRaw(badOne('b-5', 'crowd'));
  const events = Array.from({ length: 400 }, (_, index) => orderOf(`crowd-${index}`, 'crowd'));
  await Promise.all(events.map((event) => bench.send(event)));
  await bench.send(registered('r-2', 'beside'));
  await bench.drained();
  await becomes('r-2', 'complete');
  expect(await bench.rows(`customer_id = 'crowd' AND state = 'received'`)).toHaveLength(400);
  await bench.sql.query(`DELETE FROM mediator_store.initiating_event WHERE customer_id = 'crowd'`);
});

test('messages that somebody took out of the queue are not waited for', async () => {
  const intakes = await openIntakeBench({}, []);
  try {
    const gone = await intakes.send(registered('g-1', 'gone'));
    await intakes.send(registered('g-2', 'kept'));
    await intakes.broker.remove('CUSTOMER_EVENTS', gone);
    intakes.startIntake();
    await intakes.drained();
    expect(await intakes.rows()).toMatchObject([{ eventId: 'g-2', state: 'received', isRung: true }]);
  } finally {
    await intakes.rig.close();
  }
});

test('an event that is found bad when its turn comes is a dead letter as well, in its place', async () => {
  await bench.sendRaw(badOne('b-6', 'late'));
  await bench.send(orderOf('p-8', 'late'));
  await bench.send(orderOf('p-9', 'late'));
  await bench.drained();
  // As after an update of the shop under which the event does not fit any more.
  await bench.sql.query(`UPDATE mediator_store.initiating_event SET body = '{}' WHERE event_id = 'p-8'`);
  const caseId = (await bench.rows(`event_id = 'b-6'`))[0]?.caseId ?? '';
  await bench.discard(caseId);
  await becomes('p-8', 'dead-lettered');
  const [row] = await bench.rows(`event_id = 'p-8'`);
  expect(row).toMatchObject({ caseId: row?.place, hasBody: false });
  const kept = await bench.sql.query('SELECT reason, state, body FROM repair.case WHERE case_id = $1', [row?.caseId]);
  expect(kept.rows).toEqual([{ reason: 'bad-body', state: 'repairing', body: Buffer.from('{}') }]);
  expect(await bench.flow(repairWorkflowId(row?.caseId ?? ''))).toBeDefined();
  expect(await stateOf('p-9')).toBe('received'); // it waits for this case now
  await bench.discard(row?.caseId ?? '');
  await becomes('p-9', 'started');
});
