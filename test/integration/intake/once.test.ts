import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeEvent } from '../../../broker-bridge/intake/encode-event.ts';
import { customerWorkflowId, orderWorkflowId } from '../../../contracts/ids.ts';
import { classify } from '../../../contracts/initiating-events.ts';
import { headersOf, openIntakeBench, registered, shopRegistry, type IntakeBench } from '../../support/intake.ts';
import { anOrder } from '../../support/shop.ts';
import { until } from '../../support/until.ts';
import { orderStart } from '../../../contracts/mediators/order-start.ts';
import { bodyHash } from '../../../contracts/schemas/initiating-events.ts';

let bench: IntakeBench;

beforeAll(async () => {
  bench = await openIntakeBench();
  bench.startIntake();
});

afterAll(() => bench?.rig.close());

const started = (id: string) =>
  until(async () => (await bench.rows('event_id = $1', [id]))[0]?.state === 'started', { what: `${id} to be started` });

/** The same bytes under another message id, which the stream cannot take for a repeat. */
const sendAgain = (id: string, customerId: string) => {
  const { subject, headers, data } = encodeEvent(registered(id, customerId));
  return bench.sendRaw({ subject, headers, data });
};

const ordered = (id: string, changes: Parameters<typeof anOrder>[0] = {}) => ({
  id,
  source: 'test',
  type: 'place-order',
  data: anOrder({ customerId: 'buyer', ...changes }),
});

test('an event is started on the channel of its mediator, written down, and taken off the queue', async () => {
  await bench.send(registered('e-1', 'c-one'));
  await started('e-1');
  await bench.drained();
  const workflowId = customerWorkflowId({ source: 'test', id: 'e-1' });
  expect(await bench.flow(workflowId)).toMatchObject({ type: 'customerMediator' });
  const { raw, memo, searchAttributes } = await bench.client.workflow.getHandle(workflowId).describe();
  expect(raw.executionConfig?.taskQueue?.name).toBe('customer-mediator-queue');
  expect(memo?.['bodyHash']).toBe(bodyHash(registered('e-1', 'c-one').data));
  expect(searchAttributes).toMatchObject({ CustomerId: ['c-one'], MediatorClass: ['simple'] });
  const [row] = await bench.rows('event_id = $1', ['e-1']);
  expect(row).toMatchObject({ source: 'test', name: 'customer-registered', customerId: 'c-one', workflowId });
  expect(row?.hasBody).toBe(true);
});

test('a repeat at once, once it is started, and after the flow has ended starts nothing', async () => {
  await Promise.all([bench.send(registered('e-2', 'c-two')), sendAgain('e-2', 'c-two')]);
  await started('e-2');
  const workflowId = customerWorkflowId({ source: 'test', id: 'e-2' });
  const first = await bench.flow(workflowId);
  await sendAgain('e-2', 'c-two');
  await bench.drained();
  expect(await bench.flow(workflowId)).toEqual(first);
  await bench.client.workflow.getHandle(workflowId).terminate();
  await bench.sql.query(`UPDATE mediator_store.initiating_event SET state = 'complete' WHERE event_id = 'e-2'`);
  await sendAgain('e-2', 'c-two');
  await bench.drained();
  expect(await bench.flow(workflowId)).toEqual(first); // a terminated flow would be started anew
  expect(await bench.rows('event_id = $1', ['e-2'])).toHaveLength(1);
  expect(bench.sentLetters).toEqual([]);
});

test('the same id with another body becomes a case, and the first event is not touched', async () => {
  await bench.send(registered('e-3', 'c-three'));
  const second = await bench.send(registered('e-3', 'c-three-b'));
  await until(() => bench.sentLetters.some(({ event }) => event.streamSequence === second));
  await bench.drained();
  const { event } = bench.sentLetters.find((one) => one.event.streamSequence === second) ?? {};
  expect(event).toMatchObject({ reason: 'id-used-twice', customerId: 'c-three-b', consumer: 'customer-event-queue' });
  const rows = await bench.rows('stream_sequence = $1 OR event_id = $2', [second, 'e-3']);
  expect(rows.map(({ source, state }) => [source, state])).toEqual([
    ['test', 'started'],
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
  await until(async () => (await bench.rows(`event_id = 'e-7'`))[0]?.state === 'dead-lettered');
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

test('two bodies under one id in one batch: one is started, one is a case', async () => {
  const intake = bench.startIntake(); // a second one: batches interleave
  const messages = ['c-four', 'c-four-b'].map((customerId) => encodeEvent(registered('e-4', customerId)));
  const places = await Promise.all(messages.map((message) => bench.broker.publish(message)));
  await bench.drained();
  await until(() =>
    bench.sentLetters.some(({ event }) => places.some((place) => place.streamSequence === event.streamSequence)),
  );
  const rows = await bench.rows(`customer_id IN ('c-four', 'c-four-b')`);
  expect(rows.map(({ state }) => state).toSorted()).toEqual(['dead-lettered', 'started']);
  await intake.stop();
});

test('a queued order that a client placed with the same body joins it; with another body it is a case', async () => {
  const event = anOrder({ customerId: 'joiner' });
  const route = classify('place-order');
  const hash = bodyHash(event);
  await bench.client.workflow.start(route.workflowType, {
    ...orderStart({ event, bodyHash: hash, mediatorClass: route.mediatorClass, policy: shopRegistry.policies.order }),
    taskQueue: route.channel,
  });
  const first = await bench.flow(orderWorkflowId(event.requestId));
  await bench.send({ id: 'o-1', source: 'test', type: 'place-order', data: event });
  await started('o-1');
  expect(await bench.flow(orderWorkflowId(event.requestId))).toEqual(first);
  const other = await bench.send({ ...ordered('o-2', { ...event, card: 'card_other' }) });
  await until(() => bench.sentLetters.some((one) => one.event.streamSequence === other));
  expect(bench.sentLetters.find((one) => one.event.streamSequence === other)?.event.reason).toBe('id-used-twice');
  await bench.drained();
  expect((await bench.rows('event_id = $1', ['o-2']))[0]).toMatchObject({ state: 'dead-lettered', hasBody: false });
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
  expect((await bench.rows('event_id = $1', ['o-3']))[0]).toMatchObject({ state: 'complete', outcome: 'cancelled' });
  expect(await bench.flow(orderWorkflowId(requestId))).toBeUndefined();
  await bench.send({ id: 'o-4', source: 'test', type: 'place-order', data: { ...event, card: 'card_other' } });
  await bench.drained();
  expect((await bench.rows('event_id = $1', ['o-4']))[0]).toMatchObject({ state: 'dead-lettered' });
});

test('a flow that is started and not marked, because the intake died in between, is joined', async () => {
  const event = registered('e-5', 'c-five');
  const { subject, headers, data } = encodeEvent(event);
  await bench.client.workflow.start('customerMediator', {
    workflowId: customerWorkflowId({ source: 'test', id: 'e-5' }),
    taskQueue: 'customer-mediator-queue',
    memo: { bodyHash: bodyHash(event.data) },
  });
  const first = await bench.flow(customerWorkflowId({ source: 'test', id: 'e-5' }));
  await bench.sendRaw({ subject, headers: { ...headers, ...headersOf('customer-registered', 'e-5') }, data });
  await started('e-5');
  expect(await bench.flow(customerWorkflowId({ source: 'test', id: 'e-5' }))).toEqual(first);
});
