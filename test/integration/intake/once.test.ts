import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeEvent } from '../../../broker-bridge/intake/encode-event.ts';
import { customerWorkflowId, orderWorkflowId } from '../../../contracts/ids.ts';
import { classify } from '../../../contracts/initiating-events.ts';
import { openIntakeBench, registered, shopRegistry, type IntakeBench } from '../../support/intake.ts';
import { holdTables } from '../../support/hold-tables.ts';
import { anOrder } from '../../support/shop.ts';
import { until } from '../../support/until.ts';
import { orderStart } from '../../../contracts/mediators/order-start.ts';
import type { PlaceOrder } from '../../../contracts/place-order.ts';
import { bodyHash } from '../../../contracts/schemas/initiating-events.ts';

let bench: IntakeBench;

beforeAll(async () => {
  bench = await openIntakeBench();
  bench.startIntake();
});

afterAll(() => bench?.rig.close());

const rowOf = async (id: string) => (await bench.rows('event_id = $1', [id]))[0];

const becomes = (id: string, state: string) =>
  until(async () => (await rowOf(id))?.state === state, { what: `${id} to be ${state}` });

/** The same bytes under another message id, which the stream cannot take for a repeat. */
const sendAgain = (id: string, customerId: string) => {
  const { subject, headers, data } = encodeEvent(registered(id, customerId));
  return bench.sendRaw({ subject, headers, data });
};

const factsOf = async (key: string): Promise<readonly string[]> => {
  const { rows } = await bench.sql.query<{ name: string }>(
    'SELECT name FROM outbox.fact WHERE key = $1 ORDER BY sequence',
    [key],
  );
  return rows.map(({ name }) => name);
};

const ordered = (id: string, changes: Parameters<typeof anOrder>[0] = {}) => ({
  id,
  source: 'test',
  type: 'place-order',
  data: anOrder({ customerId: 'buyer', ...changes }),
});

test('an event is written down, taken off the queue, and handled by the mediator of its customer', async () => {
  const letGo = await bench.holdCustomers();
  await bench.send(registered('e-1', 'c-one'));
  await becomes('e-1', 'started');
  await bench.drained();
  const workflowId = customerWorkflowId('c-one');
  expect(await bench.flow(workflowId)).toMatchObject({ type: 'customerMediator' });
  const { raw, searchAttributes } = await bench.client.workflow.getHandle(workflowId).describe();
  expect(raw.executionConfig?.taskQueue?.name).toBe('customer-mediator-queue');
  expect(searchAttributes).toMatchObject({ CustomerId: ['c-one'], MediatorClass: ['simple'] });
  const row = await rowOf('e-1');
  expect(row).toMatchObject({ source: 'test', name: 'customer-registered', customerId: 'c-one', workflowId });
  expect(row?.hasBody).toBe(true);
  await letGo();
  await becomes('e-1', 'complete');
  expect(await rowOf('e-1')).toMatchObject({ outcome: 'completed', hasBody: false });
});

test('an event that is delegated is started on the channel of its own mediator', async () => {
  const order = ordered('o-0');
  await bench.send(order);
  await becomes('o-0', 'started');
  await bench.drained();
  const workflowId = orderWorkflowId(order.data.requestId);
  expect(await bench.flow(workflowId)).toMatchObject({ type: 'orderMediator' });
  const { raw, memo, searchAttributes } = await bench.client.workflow.getHandle(workflowId).describe();
  expect(raw.executionConfig?.taskQueue?.name).toBe('order-mediator-queue');
  expect(memo?.['bodyHash']).toBe(bodyHash(order.data));
  expect(searchAttributes).toMatchObject({ CustomerId: ['buyer'], MediatorClass: ['hard'] });
  expect(await rowOf('o-0')).toMatchObject({ name: 'place-order', customerId: 'buyer', workflowId, hasBody: true });
});

test('a repeat at once, once it is started, and after it is complete starts nothing', async () => {
  const letGo = await bench.holdCustomers();
  await Promise.all([bench.send(registered('e-2', 'c-two')), sendAgain('e-2', 'c-two')]);
  await becomes('e-2', 'started');
  await sendAgain('e-2', 'c-two');
  await bench.drained();
  await letGo();
  await becomes('e-2', 'complete');
  const workflowId = customerWorkflowId('c-two');
  await bench.client.workflow.getHandle(workflowId).result();
  const first = await bench.flow(workflowId);
  await sendAgain('e-2', 'c-two');
  await bench.drained();
  expect(await bench.flow(workflowId)).toEqual(first); // a bell would have started it anew
  expect(await bench.rows('event_id = $1', ['e-2'])).toHaveLength(1);
  expect(await factsOf('c-two')).toEqual(['customer-created', 'customer-emailed']);
  expect(bench.sentLetters).toEqual([]);
});

test('the same id with another body becomes a case, and the first event is not touched', async () => {
  await bench.send(registered('e-3', 'c-three'));
  const second = await bench.send(registered('e-3', 'c-three-b'));
  await until(() => bench.sentLetters.some(({ event }) => event.streamSequence === second));
  await bench.drained();
  const { event } = bench.sentLetters.find((one) => one.event.streamSequence === second) ?? {};
  expect(event).toMatchObject({ reason: 'id-used-twice', customerId: 'c-three-b', consumer: 'customer-event-queue' });
  await becomes('e-3', 'complete');
  const rows = await bench.rows('stream_sequence = $1 OR event_id = $2', [second, 'e-3']);
  expect(rows.map(({ source, state }) => [source, state])).toEqual([
    ['test', 'complete'],
    ['unreadable', 'dead-lettered'],
  ]);
});

test('the same id and body under another name, or after it was discarded, becomes a case and not a repeat', async () => {
  const misspelt = { ...registered('e-6', 'c-six'), type: 'customer-registred' };
  await bench.send(misspelt);
  const corrected = await bench.send(registered('e-6', 'c-six')); // at once: the stream itself must not take it for a repeat
  await until(() => bench.sentLetters.some(({ event }) => event.streamSequence === corrected));
  const reasons = bench.sentLetters
    .filter(({ event }) => event.customerId === 'c-six')
    .map(({ event }) => event.reason);
  expect(reasons).toEqual(['unknown-event', 'id-used-twice']);
  const bad = { ...registered('e-7', 'c-seven'), dataschema: 'urn:order-mediator:customer-registered:0' };
  await bench.send(bad);
  await bench.drained();
  await bench.sql.query(`UPDATE mediator_store.initiating_event SET state = 'discarded' WHERE event_id = 'e-7'`);
  const again = await bench.send(registered('e-7', 'c-seven'));
  await until(() => bench.sentLetters.some(({ event }) => event.streamSequence === again));
  const { event } = bench.sentLetters.at(-1) ?? {};
  expect(event?.message).toMatch(/^The same event came before, and was discarded with the case customer-event-queue-/);
  await bench.drained();
});

test('an event whose headers alone were put right is seen, while the case of the first is open, once', async () => {
  const wrong = { ...registered('e-9', 'c-nine'), time: '2026-11-23T10:00:00' };
  await bench.send(wrong);
  await bench.send(wrong);
  const right = { ...wrong, time: '2026-11-23T10:00:00Z' };
  await bench.send(right);
  await bench.send(right);
  await bench.drained();
  const ofNine = bench.sentLetters.filter(({ event }) => event.customerId === 'c-nine').map(({ event }) => event);
  expect(ofNine.map(({ reason }) => reason)).toEqual(['bad-headers', 'id-used-twice']);
  expect(ofNine[1]?.message).toBe(
    `The same event came before, and could not be read: this one can. Send it on, and discard the case ${ofNine[0]?.caseId}.`,
  );
});

test('a repeat under header names that are written otherwise is a repeat', async () => {
  const { subject, headers, data } = encodeEvent(registered('e-8', 'c-eight'));
  const shouted = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
  await bench.sendRaw({ subject, headers: shouted, data });
  await bench.sendRaw({ subject, headers: shouted, data });
  await bench.drained();
  expect(bench.sentLetters.filter(({ event }) => event.customerId === 'c-eight')).toHaveLength(1);
  expect(await bench.rows(`customer_id = 'c-eight'`)).toMatchObject([{ eventId: 'e-8', state: 'dead-lettered' }]);
});

test('two bodies under one id in one batch: one is done, one is a case', async () => {
  const letGo = await holdTables(bench.sql, ['mediator_store.initiating_event']);
  await bench.send(registered('e-10', 'c-ten')); // which the intake cannot record, so that the others come together
  const messages = ['c-four', 'c-four-b'].map((customerId) => encodeEvent(registered('e-4', customerId)));
  const places = await Promise.all(messages.map((message) => bench.broker.publish(message)));
  await letGo();
  await bench.drained();
  const cases = bench.sentLetters.filter(({ event }) =>
    places.some(({ streamSequence }) => streamSequence === event.streamSequence),
  );
  expect(cases).toHaveLength(1);
  await becomes('e-4', 'complete');
  const rows = await bench.rows(`customer_id IN ('c-four', 'c-four-b')`);
  expect(rows.map(({ state }) => state).toSorted()).toEqual(['complete', 'dead-lettered']);
});

/** Starts the order's workflow as the client does, without its row. */
async function placeAsClient(event: PlaceOrder): Promise<void> {
  const { mediatorClass, channel: taskQueue, workflowType } = classify('place-order');
  const start = orderStart({ event, bodyHash: bodyHash(event), mediatorClass, policy: shopRegistry.policies.order });
  await bench.client.workflow.start(workflowType, { ...start, taskQueue });
}

test('a queued order that a client placed with the same body joins it; with another body it is a case', async () => {
  const event = anOrder({ customerId: 'joiner' });
  await placeAsClient(event);
  const first = await bench.flow(orderWorkflowId(event.requestId));
  await bench.send({ id: 'o-1', source: 'test', type: 'place-order', data: event });
  await becomes('o-1', 'started');
  expect(await bench.flow(orderWorkflowId(event.requestId))).toEqual(first);
  const other = await bench.send({ ...ordered('o-2', { ...event, card: 'card_other' }) });
  await until(() => bench.sentLetters.some((one) => one.event.streamSequence === other));
  expect(bench.sentLetters.find((one) => one.event.streamSequence === other)?.event.reason).toBe('id-used-twice');
  await bench.drained();
  expect(await rowOf('o-2')).toMatchObject({ state: 'dead-lettered', hasBody: false });
});

test('a queued order with another body than the one that a client placed, which only Temporal knows, is a case', async () => {
  const event = anOrder({ customerId: 'other-body' });
  await placeAsClient(event);
  const first = await bench.flow(orderWorkflowId(event.requestId));
  await bench.send({ id: 'o-5', source: 'test', type: 'place-order', data: { ...event, card: 'card_other' } });
  await becomes('o-5', 'dead-lettered');
  const { caseId, place } = (await rowOf('o-5')) ?? {};
  expect(caseId).toBe(place);
  const { rows } = await bench.sql.query('SELECT reason FROM repair.case WHERE case_id = $1', [caseId]);
  expect(rows).toEqual([{ reason: 'id-used-twice' }]);
  expect(await bench.flow(orderWorkflowId(event.requestId))).toEqual(first);
});

test('an order that ended before Temporal forgot it is complete at once', async () => {
  const requestId = randomUUID();
  const event = anOrder({ customerId: 'returning', requestId });
  await bench.sql.query(
    `INSERT INTO mediator_store.flow (request_id, workflow_id, event_name, mediator_class, body_hash, customer_id, order_id, state, finished_at, outcome)
     VALUES ($1, $2, 'place-order', 'hard', $3, 'returning', 'ord-1', 'cancelled', now(), 'cancelled')`,
    [requestId, orderWorkflowId(requestId), bodyHash(event)],
  );
  await bench.send({ id: 'o-3', source: 'test', type: 'place-order', data: event });
  await bench.drained();
  expect(await rowOf('o-3')).toMatchObject({ state: 'complete', outcome: 'cancelled' });
  expect(await bench.flow(orderWorkflowId(requestId))).toBeUndefined();
  await bench.send({ id: 'o-4', source: 'test', type: 'place-order', data: { ...event, card: 'card_other' } });
  await bench.drained();
  expect(await rowOf('o-4')).toMatchObject({ state: 'dead-lettered' });
});

test('an order that is started and not marked, because its worker died in between, is joined', async () => {
  await bench.sql.query(`
    CREATE FUNCTION mediator_store.not_now() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'not now'; END$$`);
  await bench.sql.query(`
    CREATE TRIGGER not_now BEFORE UPDATE ON mediator_store.initiating_event FOR EACH ROW
      WHEN (NEW.event_id = 'o-6' AND NEW.state = 'started') EXECUTE FUNCTION mediator_store.not_now()`);
  const order = ordered('o-6');
  await bench.send(order);
  const first = await until(() => bench.flow(orderWorkflowId(order.data.requestId)));
  expect((await rowOf('o-6'))?.state).toBe('received');
  await bench.sql.query('DROP TRIGGER not_now ON mediator_store.initiating_event');
  await becomes('o-6', 'started');
  expect(await bench.flow(orderWorkflowId(order.data.requestId))).toEqual(first);
});
