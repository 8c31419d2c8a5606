import { afterAll, beforeAll, expect, test } from 'vitest';
import { anOrder, openShop, type Shop } from '../../support/shop.ts';
import { rowOf, startQueued, type EventRow, type QueuedEvent } from '../../support/queued-event.ts';
import { until } from '../../support/until.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({}, [
    ['order-mediator', 'returns-mediator', 'workflow-processor', 'order-placement', 'notification'],
  ]);
});
afterAll(() => shop.close());

/** Somebody resubmits the event under another id: it has joined the flow that is ending, as the intake does it. */
async function resubmitted({ id }: QueuedEvent): Promise<void> {
  await shop.sql(
    `INSERT INTO mediator_store.initiating_event (source, event_id, name, body_hash, workflow_id, state, stream_sequence, place, position, case_id, subject, headers, body)
     SELECT source, $1 || '~1', name, body_hash, workflow_id, 'started', stream_sequence + 1, place || '-again', position, case_id, subject, headers, body
     FROM mediator_store.initiating_event WHERE event_id = $1`,
    [id],
  );
}

const refused = ({ row }: QueuedEvent): Promise<EventRow> =>
  until(async () => {
    const found = await row();
    return found.state === 'dead-lettered' && found;
  });

const stepsOf = async (caseId: string | null) =>
  (
    await shop.sql<{ step: string }>('SELECT step FROM repair.audit WHERE case_id = $1 ORDER BY position', [caseId])
  ).map(({ step }) => step);

const comesBackTo = (caseId: string | null) =>
  until(async () => /^handed-over (waiting )?returned waiting$/.test((await stepsOf(caseId)).join(' ')));

test('an order that was resubmitted while it was still being refused comes back to its case', async () => {
  const order = anOrder({ lines: [{ isbn: '9780000000002', quantity: 1 }] });
  const letGo = await shop.holdTables('order_placement.title');
  const event = await startQueued(shop, 'place-order', order, { id: 'order' });
  await shop.allWaitFor('order_placement.title');
  const release = await shop.holdRows(
    `SELECT FROM mediator_store.flow WHERE request_id = '${order.requestId}' FOR UPDATE`,
  );
  await letGo();
  const { case_id: caseId } = await refused(event);
  await until(async () => (await stepsOf(caseId)).includes('waiting'));
  await resubmitted(event);
  await release();
  expect(await event.end()).toBe('The catalogue does not have 9780000000002.');
  expect(await rowOf(shop, 'order~1')).toMatchObject({ state: 'dead-lettered', case_id: caseId, has_body: true });
  await comesBackTo(caseId);
});

test('so does a return', async () => {
  const lines = [{ isbn: '9780134685991', quantity: 1 }];
  const requested = { requestId: 'ret-1', orderId: 'ord-none', customerId: 'c-1', lines, reason: 'Torn.' };
  const release = await shop.holdTables('repair.case');
  const event = await startQueued(shop, 'return-requested', requested, { id: 'return' });
  const { case_id: caseId } = await refused(event);
  await shop.allWaitFor('repair.case');
  await resubmitted(event);
  await release();
  await event.end();
  expect(await rowOf(shop, 'return~1')).toMatchObject({ state: 'dead-lettered', case_id: caseId, has_body: true });
  await comesBackTo(caseId);
});
