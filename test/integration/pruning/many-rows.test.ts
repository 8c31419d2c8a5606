import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  pruneAnswers,
  pruneCases,
  pruneFacts,
  pruneHistories,
  pruneSeen,
} from '../../../activities/pruning/statements.ts';
import { openDatabase, type Database } from '../../../prisma/database.ts';
import type { Query } from '../../../prisma/statement.ts';
import { allPublished, openBridge, sequencesOf, upTo, type Bridge } from '../../support/bridge.ts';
import { daysAgo, pruneAll } from './stage.ts';

let bridge: Bridge;
let database: Database;

const facts = (prefix: string, rows: number, published: string) =>
  bridge.sql.query(
    `INSERT INTO outbox.fact (id, key, area, name, epoch, sequence, body, stream_sequence, published_at)
     SELECT gen_random_uuid(), '${prefix}' || n, 'orders', 'email-sent', 1, 1, '{}', n, ${published} FROM generate_series(1, ${rows}) AS n`,
  );

beforeAll(async () => {
  bridge = await openBridge();
  database = openDatabase(bridge.rig.databaseUrl, { poolSize: 4 });
  bridge.rig.onClose(database.close);
  await bridge.startListener('email-analytics').then((listener) => listener.stop());
});
afterAll(() => bridge.rig.close());

test('25,000 published facts go in batches while the relay publishes others, of which none is lost', async () => {
  await facts('past-', 25_000, daysAgo(46));
  await facts('young-', 5_000, daysAgo(44));
  const keys = Array.from({ length: 20 }, (_, n) => `ord-${n}`);
  bridge.startRelay();
  const recording = bridge.record(keys, 20);
  expect(await pruneAll(database, 'facts')).toEqual([20_000, 5_000]);
  await recording;
  await allPublished(bridge);
  const stream = await bridge.stream();
  for (const key of keys) expect(sequencesOf(stream, key)).toEqual(upTo(20));
  const { rows } = await bridge.sql.query(
    `SELECT count(*) FILTER (WHERE key LIKE 'past-%')::int AS past, count(*) FILTER (WHERE key LIKE 'young-%')::int AS young,
       count(*) FILTER (WHERE key LIKE 'ord-%')::int AS told FROM outbox.fact`,
  );
  expect(rows).toEqual([{ past: 0, young: 5_000, told: 400 }]);
});

test('two that prune at once share the rows, and wait for none that another transaction holds', async () => {
  await facts('twice-', 3_000, daysAgo(46));
  const holder = await bridge.session();
  await holder.query('BEGIN');
  await holder.query(`SELECT FROM outbox.fact WHERE key = 'twice-7' FOR UPDATE`);
  const calls = await Promise.all([pruneAll(database, 'facts', 100), pruneAll(database, 'facts', 100)]);
  expect(calls.flat().reduce((sum, rows) => sum + rows, 0)).toBe(2_999);
  await holder.query('ROLLBACK');
  expect(await pruneAll(database, 'facts')).toEqual([1]);
});

const byIndex: readonly (readonly [Query<unknown>, index: string])[] = [
  [pruneFacts(45, 1_000), 'fact_published'],
  [pruneSeen('email_analytics', 60, 1_000), 'inbox_seen_at'],
  [pruneAnswers(90, 1_000), 'answer_with_customer'],
  [pruneCases(90, 1_000), 'case_unpruned'],
  [pruneHistories(180, 1_000), 'flow_with_steps'],
];

test.each(byIndex.map(([query, index]) => [query.statement, index, query.sql] as const))(
  '%s finds what is due by %s, however large the table is',
  async (_, index, { text, values }) => {
    await fill();
    for (const plan of [await planOf(`EXPLAIN ${text}`, values), await planOf(`EXPLAIN (GENERIC_PLAN) ${text}`, [])]) {
      expect(plan).toContain(`using ${index}`);
      expect(plan).not.toMatch(/Seq Scan on (fact|inbox_seen|answer|case|flow|hold|action|return)\b/);
    }
  },
);

async function planOf(text: string, values: readonly unknown[]): Promise<string> {
  const { rows } = await bridge.sql.query<{ 'QUERY PLAN': string }>(text, [...values]);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

let filled: Promise<unknown> | undefined;

/** Many rows of every kind, of which hardly any is due. */
const fill = () =>
  (filled ??= bridge.sql.query(`
    INSERT INTO outbox.fact (id, key, area, name, epoch, sequence, body, stream_sequence, published_at)
      SELECT gen_random_uuid(), 'many-' || n, 'orders', 'email-sent', 1, 1, '{}', n, now() - n * interval '40 seconds' FROM generate_series(1, 100000) AS n;
    INSERT INTO email_analytics.inbox_seen SELECT gen_random_uuid(), now() - n * interval '60 seconds' FROM generate_series(1, 100000) AS n;
    INSERT INTO mediator_store.flow (request_id, workflow_id, event_name, mediator_class, body_hash, customer_id, order_id, state, finished_at, steps)
      SELECT 'req-' || n, 'order/req-' || n, 'place-order', 'hard', 'h', 'c-1', 'many-' || n, 'completed', now() - n * interval '3 minutes', '[]'
      FROM generate_series(1, 100000) AS n;
    INSERT INTO order_placement.answer (request_id, order_id, command, answer, at)
      SELECT 'many-' || n || '/create-order', 'many-' || n, 'create-order', '{}', now() - n * interval '90 seconds' FROM generate_series(1, 100000) AS n;
    INSERT INTO mediator_store.hold (hold_id, order_id, reason, step, command, message, help, since, ended_at)
      SELECT 'hold-' || n, 'many-' || n, 'payment', 2, 'apply-payment', '', '', now(), now() FROM generate_series(1, 50000) AS n;
    INSERT INTO mediator_store.action (order_id, action_id, action, details)
      SELECT 'many-' || n, 'act', 'amend', '{}' FROM generate_series(1, 50000) AS n;
    INSERT INTO returns.return (request_id, workflow_id, body_hash, order_id, customer_id, reason, lines, finished_at)
      SELECT 'ret-' || n, 'return/' || n, 'h', 'many-' || n, 'c-1', 'unwanted', '[]', now() FROM generate_series(1, 50000) AS n;
    INSERT INTO repair.case (case_id, consumer, subject, headers, stream_sequence, reason, message, state, closed_at)
      SELECT 'case-' || n, 'c', 's', '{}', n, 'bad-body', '', 'repaired', now() - n * interval '90 seconds' FROM generate_series(1, 100000) AS n;
    ANALYZE outbox.fact, email_analytics.inbox_seen, mediator_store.flow, order_placement.answer, mediator_store.hold, mediator_store.action,
      returns.return, repair.case;
  `));
