import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEventRecords } from '../../../activities/mediator-store/event-records.ts';
import { createOrderRecords } from '../../../activities/mediator-store/order-records.ts';
import type { EventRecords } from '../../../contracts/mediators/event-records.ts';
import type { FinishOrder, OrderRecords, ReceiveOrder } from '../../../contracts/mediators/order-records.ts';
import { unfinishedOrders } from '../../../activities/mediator-store/unfinished-orders.ts';
import { anOrder } from '../../support/shop.ts';
import { policyOf } from '../../support/policies.ts';
import { atOnce, openWorkbench, type Workbench } from '../processors/workbench.ts';

let bench: Workbench;
let records: OrderRecords;
let events: EventRecords;
beforeAll(async () => {
  bench = await openWorkbench();
  const { database } = bench;
  records = createOrderRecords(database);
  events = createEventRecords(database, { reminders: ['1 day'], checkAfter: '1 day' });
});
afterAll(() => bench.close());

let sequence = 0;

interface Queued {
  readonly id?: string;
  readonly workflowId: string;
  readonly hash?: string;
  readonly state?: string;
}

/** The row of a queued event. */
async function queued({ id = randomUUID(), workflowId, hash = 'h1', state = 'started' }: Queued): Promise<string> {
  sequence += 1;
  await bench.sql(
    `INSERT INTO mediator_store.initiating_event
       (source, event_id, name, body_hash, workflow_id, state, stream_sequence, place, position, subject, headers, body)
     VALUES ('s', $1, 'place-order', $2, $3, $4, $5, 'customer-event-queue-t-' || $5::bigint, $5, 'customer.event.place-order', '{"ce-id": "x"}', 'body')`,
    [id, hash, workflowId, state, sequence],
  );
  return id;
}

const rowOf = async (id: string) =>
  (
    await bench.sql('SELECT state, outcome, case_id, body FROM mediator_store.initiating_event WHERE event_id = $1', [
      id,
    ])
  )[0];

const entryOf = (origin?: ReceiveOrder['origin']): ReceiveOrder => {
  const event = anOrder();
  const workflowId = `order/${event.requestId}`;
  return {
    event,
    workflowId,
    bodyHash: 'h1',
    mediatorClass: 'hard',
    policy: policyOf(),
    ...(origin ? { origin } : {}),
  };
};
const finishOf = ({ event }: ReceiveOrder, orderId: string): FinishOrder => ({
  requestId: event.requestId,
  orderId,
  outcome: 'completed',
  reason: null,
  total: null,
  steps: [],
});
const viaQueue = { via: 'queue', source: 's', id: 'x' } as const;

describe('the rows of initiating events', () => {
  it.each(['received', 'started'])(
    'are completed by their mediator, also when the intake has them as %s',
    async (state) => {
      const workflowId = randomUUID();
      const id = await queued({ workflowId, state });
      await events.completeEvent({ workflowId, outcome: 'completed', mediatorClass: 'complex' });
      expect(await rowOf(id)).toEqual({ state: 'complete', outcome: 'completed', case_id: null, body: null });
      expect(await events.refuseEvent({ workflowId, refusal: 'UnknownTitle', message: 'No.' })).toBeNull();
    },
  );

  it('are one case, whose id stays, however often the refusal is written down', async () => {
    const workflowId = randomUUID();
    const id = await queued({ workflowId });
    const answers = await atOnce(5, () => events.refuseEvent({ workflowId, refusal: 'UnknownTitle', message: 'No.' }));
    const [answer] = answers;
    expect(answer).toMatchObject({ isKnown: false, policy: { reminders: ['1 day'], checkAfter: '1 day' } });
    expect(answer?.caseId).toMatch(/^customer-event-queue-[0-9a-z]+-\d+$/);
    for (const each of answers) expect(each).toEqual(answer);
    expect(await rowOf(id)).toMatchObject({
      state: 'dead-lettered',
      case_id: answer?.caseId,
      body: Buffer.from('body'),
    });
    const cases = await bench.sql('SELECT message, headers FROM repair.case WHERE case_id = $1', [answer?.caseId]);
    expect(cases).toEqual([{ message: 'No.', headers: { 'ce-id': 'x' } }]);
  });

  it('are left alone where a workflow has none that is open, or only one of another body', async () => {
    const workflowId = randomUUID();
    expect(await events.refuseEvent({ workflowId, refusal: 'UnknownTitle', message: 'No.' })).toBeNull();
    const first = await queued({ workflowId, hash: 'h1' });
    const other = await queued({ workflowId, hash: 'h2' });
    await events.refuseEvent({ workflowId, bodyHash: 'h2', refusal: 'UnknownTitle', message: 'No.' });
    expect(await rowOf(first)).toMatchObject({ state: 'started', case_id: null });
    expect(await rowOf(other)).toMatchObject({ state: 'dead-lettered' });
  });

  it('of an order are completed by it, and later ones that ask for the same when they come', async () => {
    const entry = entryOf(viaQueue);
    const [first, other] = [await queued(entry), await queued({ ...entry, hash: 'h2' })];
    const { orderId } = await records.receiveOrder(entry);
    await records.finishOrder(finishOf(entry, orderId));
    expect(await rowOf(first)).toMatchObject({ state: 'complete', outcome: 'completed', body: null });
    expect(await rowOf(other)).toMatchObject({ state: 'started' });
    const late = await queued(entry);
    expect(await records.receiveOrder(entry)).toMatchObject({ finished: { outcome: 'completed' } });
    expect(await rowOf(late)).toMatchObject({ state: 'complete', outcome: 'completed', body: null });
  });

  it('of a request of the client are written with the order, and go with it when it is withdrawn', async () => {
    const entry = entryOf();
    const { requestId } = entry.event;
    await atOnce(5, () => records.receiveOrder(entry));
    expect(await rowOf(requestId)).toEqual({ state: 'started', outcome: null, case_id: null, body: null });
    await records.withdrawOrder({ requestId });
    expect(await rowOf(requestId)).toBeUndefined();
  });

  it('tell the reconciler where an order came from', async () => {
    const [fromQueue, fromClient] = [entryOf(viaQueue), entryOf({ via: 'client', source: 'client', id: 'ignored' })];
    await queued({ ...fromQueue, id: 'x-1' });
    await Promise.all([records.receiveOrder(fromQueue), records.receiveOrder(fromClient)]);
    const origins = new Map<string, unknown>();
    for await (const page of unfinishedOrders(bench.database)) {
      for (const { requestId, start } of page) origins.set(requestId, start.origin);
    }
    expect(origins.get(fromQueue.event.requestId)).toEqual({ via: 'queue', source: 's', id: 'x-1' });
    const { requestId } = fromClient.event;
    expect(origins.get(requestId)).toEqual({ via: 'client', source: 'client', id: requestId });
  });
});
