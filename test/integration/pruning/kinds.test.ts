import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrderPlacementProcessor } from '../../../activities/order-placement/processor.ts';
import { createRepairCaseStore } from '../../../activities/repair/case-store.ts';
import { createRepairStore } from '../../../activities/repair/store.ts';
import { verifyAudit } from '../../../app/reads/audit.ts';
import { findCase } from '../../../app/reads/cases.ts';
import { openInbox } from '../../../broker-bridge/facts/inbox.ts';
import { lastingFault } from '../../../contracts/failures.ts';
import type { OrderPlacementProcessor } from '../../../contracts/order-placement.ts';
import { loadListener } from '../../../listeners/load-listener.ts';
import { address, anOrderId, isbns, openWorkbench, type Workbench } from '../processors/workbench.ts';
import { erroneous } from '../repair/stage.ts';
import { daysAgo, pruneAll } from './stage.ts';

let bench: Workbench;
let placement: OrderPlacementProcessor;
beforeAll(async () => {
  bench = await openWorkbench();
  placement = createOrderPlacementProcessor(bench.database);
});
afterAll(() => bench.close());

const prune = async (kind: Parameters<typeof pruneAll>[1]) =>
  (await pruneAll(bench.database, kind)).reduce((sum, rows) => sum + rows, 0);

const only = async <Row>(text: string, values: readonly unknown[] = []): Promise<Row | undefined> =>
  (await bench.sql<Row>(text, values))[0];

/** Opens the row of an order, which has ended so many days ago; null while it has not. */
const flow = (orderId: string, endedDaysAgo: number | null) =>
  bench.sql(
    `INSERT INTO mediator_store.flow (request_id, workflow_id, event_name, mediator_class, body_hash, customer_id, order_id, state,
       received_at, finished_at, outcome, steps)
     VALUES ('req-' || $1, 'order/req-' || $1, 'place-order', 'hard', 'hash', 'c-1', $1, CASE WHEN $2::int IS NULL THEN 'open' ELSE 'completed' END,
       ${daysAgo(500)}, now() - make_interval(days => $2::int), CASE WHEN $2::int IS NULL THEN NULL ELSE 'completed' END,
       CASE WHEN $2::int IS NULL THEN NULL ELSE '[]'::jsonb END)`,
    [orderId, endedDaysAgo],
  );

const record = (key: string) =>
  bench.sql(`SELECT outbox.record_fact('orders', 'email-sent', $1, '{}'::jsonb) AS at`, [key]);

const published = (key: string, age: string) =>
  bench.sql(`UPDATE outbox.fact SET stream_sequence = 1, published_at = ${age} WHERE key = $1`, [key]);

describe('facts', () => {
  it('go 45 days after they were published; one that was not stays at any age, and so does one of an open order', async () => {
    await flow('ord-open', null);
    for (const key of ['ord-old', 'ord-young', 'ord-unpublished', 'ord-unpublishable', 'ord-open']) await record(key);
    await published('ord-old', daysAgo(46));
    await published('ord-open', daysAgo(46));
    await published('ord-young', daysAgo(44));
    await bench.sql(`UPDATE outbox.fact SET time = ${daysAgo(900)}`);
    await bench.sql(`UPDATE outbox.fact SET unpublishable = 'It is too large.' WHERE key = 'ord-unpublishable'`);
    expect(await prune('facts')).toBe(1);
    const left = await bench.sql<{ key: string }>('SELECT key FROM outbox.fact ORDER BY key');
    expect(left.map(({ key }) => key)).toEqual(['ord-open', 'ord-unpublishable', 'ord-unpublished', 'ord-young']);
    expect(await prune('facts')).toBe(0);
  });

  it('of a key go on to be counted where they were', async () => {
    await record('ord-old');
    expect(await only(`SELECT sequence::int AS at FROM outbox.fact WHERE key = 'ord-old'`)).toEqual({ at: 2 });
  });
});

describe('facts that listeners have noted', () => {
  it('are forgotten after 60 days by every listener that has started here, and never the last one of a key', async () => {
    const schemas = ['email_analytics', 'order_timeline'];
    for (const name of ['email-analytics', 'order-timeline']) {
      const listener = await loadListener(name);
      const inbox = openInbox(bench.rig.databaseUrl, listener.schema);
      await inbox.prepare(listener);
      await inbox.close();
    }
    await bench.sql('CREATE SCHEMA foreign_one');
    await bench.sql(
      'CREATE TABLE foreign_one.inbox_seen AS SELECT gen_random_uuid() AS fact_id, ' + daysAgo(99) + ' AS seen_at',
    );
    for (const schema of schemas) {
      await bench.sql(
        `INSERT INTO ${schema}.inbox_seen SELECT gen_random_uuid(), at FROM unnest(ARRAY[${daysAgo(61)}, ${daysAgo(59)}]) AS at`,
      );
      await bench.sql(
        `INSERT INTO ${schema}.inbox_position (source, key, epoch, last_sequence) VALUES ('order-mediator', 'ord-1', 1, 7)`,
      );
    }
    expect(await prune('seen')).toBe(2);
    for (const schema of schemas) {
      const query = `SELECT (SELECT count(*)::int FROM ${schema}.inbox_seen) AS seen, (SELECT count(*)::int FROM ${schema}.inbox_position) AS keys`;
      expect(await only(query)).toEqual({ seen: 1, keys: 1 });
    }
    expect(await bench.sql('SELECT FROM foreign_one.inbox_seen')).toHaveLength(1);
  });

  it('are left alone by the start of a listener', async () => {
    await bench.sql(`INSERT INTO email_analytics.inbox_seen VALUES (gen_random_uuid(), ${daysAgo(61)})`);
    const inbox = openInbox(bench.rig.databaseUrl, 'email_analytics');
    await inbox.prepare(await loadListener('email-analytics'));
    await inbox.close();
    expect(await bench.sql('SELECT FROM email_analytics.inbox_seen')).toHaveLength(2);
  });
});

const lines = [{ isbn: isbns.plenty, quantity: 2 }];
const creation = (orderId: string) => ({
  requestId: `${orderId}/create-order`,
  orderId,
  customerId: 'c-1',
  lines,
  shipTo: address(),
  currency: 'EUR' as const,
});
const opening = (orderId: string, returnId: string) => ({
  requestId: `${returnId}/open-return/1`,
  orderId,
  returnId,
  customerId: 'c-1',
  isCompleted: true,
  lines: [{ isbn: isbns.plenty, quantity: 1 }],
});
const returned = (orderId: string, returnId: string, ended: string | null) =>
  bench.sql(
    `INSERT INTO returns.return (request_id, workflow_id, body_hash, order_id, customer_id, reason, lines, finished_at)
     VALUES ($2, 'return/' || $2, 'hash', $1, 'c-1', 'unwanted', '[]', ${ended ?? 'NULL'})`,
    [orderId, returnId],
  );
const age = () => bench.sql(`UPDATE order_placement.answer SET at = ${daysAgo(400)}`);
const answersOf = async (orderId: string) => {
  const query =
    'SELECT command FROM order_placement.answer WHERE order_id = $1 AND answer IS NOT NULL ORDER BY command';
  return (await bench.sql<{ command: string }>(query, [orderId])).map(({ command }) => command);
};

const placed = (orderId: string) =>
  only(
    `SELECT (SELECT count(*)::int FROM order_placement.placed_order WHERE order_id = $1) AS orders,
      (SELECT sum(quantity)::int FROM order_placement.return_line WHERE order_id = $1) AS going_back,
      (SELECT count(*)::int FROM outbox.fact WHERE key = $1) AS facts`,
    [orderId],
  );

describe('answers', () => {
  it('with the customer’s name and mail address go 90 days after order and returns have ended, the others stay', async () => {
    const [old, young, open, back, late] = Array.from({ length: 5 }, anOrderId) as [
      string,
      string,
      string,
      string,
      string,
    ];
    for (const orderId of [old, young, open, back, late]) await placement.createOrder(creation(orderId));
    await placement.cancelOrder({ requestId: `${old}/cancel-order/1`, orderId: old, reason: 'unwanted' });
    await placement.openReturn(opening(back, 'ret-ended'));
    await placement.openReturn(opening(late, 'ret-open'));
    await returned(back, 'ret-ended', daysAgo(91));
    await returned(late, 'ret-open', null);
    await age();
    for (const orderId of [old, back, late]) await flow(orderId, 91);
    await flow(young, 89);
    await flow(open, null);
    expect(await prune('answers')).toBe(3);
    expect(await answersOf(old)).toEqual(['cancel-order']);
    expect(await answersOf(back)).toEqual([]);
    expect(await answersOf(late)).toEqual(['create-order', 'open-return']);
    expect(await answersOf(young)).toEqual(['create-order']);
    expect(await answersOf(open)).toEqual(['create-order']);
    expect(await prune('answers')).toBe(0);
    const kept = await bench.sql(
      'SELECT request_id, order_id, command FROM order_placement.answer WHERE order_id = $1',
      [back],
    );
    expect(kept).toHaveLength(2);
  });

  it('that are gone are told to a repeat of their command, which does nothing again', async () => {
    const orderId = anOrderId();
    await placement.createOrder(creation(orderId));
    await placement.openReturn(opening(orderId, 'ret-again'));
    await returned(orderId, 'ret-again', daysAgo(91));
    await age();
    await flow(orderId, 91);
    expect(await prune('answers')).toBe(2);
    const before = await placed(orderId);
    const isTold = {
      type: lastingFault,
      nonRetryable: true,
      message: expect.stringMatching(/was done, and its answer was removed .*: nothing was done again\./),
    };
    await expect(placement.createOrder(creation(orderId))).rejects.toMatchObject(isTold);
    await expect(placement.openReturn(opening(orderId, 'ret-again'))).rejects.toMatchObject(isTold);
    expect(await placed(orderId)).toEqual(before);
  });
});

describe('closed repair cases', () => {
  it('lose headers and problems after 90 days, keep reason and outcome, and the audit trail still verifies', async () => {
    const cases = createRepairCaseStore(bench.database);
    for (const caseId of ['old', 'young', 'open']) await cases.openCase(erroneous('{}', { caseId }), false);
    const close = (caseId: string, closedAt: string) =>
      bench.sql(`UPDATE repair.case SET state = 'repaired', body = NULL, closed_at = ${closedAt} WHERE case_id = $1`, [
        caseId,
      ]);
    await close('old', daysAgo(91));
    await close('young', daysAgo(89));
    await bench.sql(`UPDATE repair.case SET opened_at = ${daysAgo(400)}`);
    const before = await verifyAudit(bench.database);
    expect(await prune('cases')).toBe(1);
    expect(await prune('cases')).toBe(0);
    expect(await findCase(bench.database, 'old')).toMatchObject({
      headers: {},
      problems: [],
      body: null,
      proposal: null,
      state: 'repaired',
      reason: 'bad-body',
      message: 'The event does not fit its schema in one place.',
      audit: [{ step: 'handed-over', details: { bodyHash: expect.stringMatching(/^[0-9a-f]{64}$/) } }],
    });
    for (const caseId of ['young', 'open'])
      expect((await findCase(bench.database, caseId))?.headers).toMatchObject({ 'ce-source': 'web-shop' });
    expect(before.ok).toBe(true);
    expect(await verifyAudit(bench.database)).toEqual(before);
  });

  it('whose message comes back after that is repaired with the headers that came back', async () => {
    const again = erroneous('{"again":1}', { caseId: 'old', reason: 'refused', streamSequence: 77 });
    expect(await createRepairCaseStore(bench.database).openCase(again, true)).toBe('returned');
    const found = await findCase(bench.database, 'old');
    expect(found).toMatchObject({ state: 'repairing', headers: again.headers });
    expect(Buffer.from(found?.body ?? []).toString()).toBe('{"again":1}');
    expect((await createRepairStore(bench.database).openCases()).map(({ caseId }) => caseId)).toContain('old');
    expect(await prune('cases')).toBe(0);
  });
});

const kept = (orderId: string) =>
  only(
    `SELECT outcome, body_hash AS hash, request_id AS request, steps IS NOT NULL AS steps, (SELECT count(*)::int FROM mediator_store.hold
       WHERE hold.order_id = flow.order_id) AS holds, actor, details->'shipTo'->>'name' AS name
     FROM mediator_store.flow JOIN mediator_store.action USING (order_id) WHERE order_id = $1`,
    [orderId],
  );

describe('what ended orders went through', () => {
  it('goes after 180 days; the order’s row and who did what stay', async () => {
    for (const [orderId, ended] of [
      ['ord-past', 181],
      ['ord-late', 179],
      ['ord-held', null],
    ] as const) {
      await flow(orderId, ended);
      await bench.sql(
        `INSERT INTO mediator_store.hold (hold_id, order_id, reason, step, command, message, help, since)
         VALUES ('hold-' || $1, $1, 'payment', 2, 'apply-payment', 'The card was declined.', 'Give another one.', ${daysAgo(400)})`,
        [orderId],
      );
      await bench.sql(
        `INSERT INTO mediator_store.action (order_id, action_id, action, actor, details, at)
         VALUES ($1, 'act-1', 'amend', 'Robin', '{"shipTo": {"name": "Anna Lindqvist"}}', ${daysAgo(400)})`,
        [orderId],
      );
    }
    expect(await prune('histories')).toBe(1);
    expect(await prune('histories')).toBe(0);
    const whole = { hash: 'hash', actor: 'Robin', name: 'Anna Lindqvist', holds: 1 };
    expect(await kept('ord-past')).toEqual({
      ...whole,
      outcome: 'completed',
      request: 'req-ord-past',
      steps: false,
      holds: 0,
      name: null,
    });
    expect(await kept('ord-late')).toEqual({ ...whole, outcome: 'completed', request: 'req-ord-late', steps: true });
    expect(await kept('ord-held')).toEqual({ ...whole, outcome: null, request: 'req-ord-held', steps: false });
  });
});
