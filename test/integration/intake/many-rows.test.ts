import { afterAll, beforeAll, expect, test } from 'vitest';
import { markDeadLettered, markStarted, openEvents } from '../../../activities/mediator-store/customer-events.ts';
import { completeEvent, eventToRefuse } from '../../../activities/mediator-store/event-records.ts';
import { overdueCustomers } from '../../../activities/reconciler/started-events.ts';
import { countedWaiting } from '../../../app/reads/events.ts';
import { lookUp, noteLost, writeRows } from '../../../broker-bridge/intake/store/recording.ts';
import { countUnderWay, markRung, ringAgain, unrungEvents } from '../../../broker-bridge/intake/store/ringing.ts';
import { runnerOn, type Query } from '../../../prisma/statement.ts';
import { openIntakeBench, type IntakeBench } from '../../support/intake.ts';

let bench: IntakeBench;

const columns = `source, event_id, name, mediator_class, waits_until, customer_id, body_hash, workflow_id, stream_sequence,
  place, position, state, rung_at`;

beforeAll(async () => {
  bench = await openIntakeBench({}, []);
  const { sql } = bench;
  await sql.query('ALTER TABLE mediator_store.initiating_event SET (autovacuum_enabled = false)');
  await sql.query(`
    INSERT INTO mediator_store.initiating_event (${columns}, started_at, completed_at)
    SELECT 's', 'e' || n, 'place-order', 'hard', 'started', 'c' || n % 1000, 'h', 'order/' || n, n, 'p' || n,
      nextval('mediator_store.event_position'), 'complete', now(), now(), now()
    FROM generate_series(1, 120000) AS n`);
  await sql.query('ANALYZE mediator_store.initiating_event'); // the planner believes from now on that no event is open
});

afterAll(() => bench?.rig.close());

const key = { source: 's', eventId: 'e1' };
const asked = Array.from({ length: 100 }, (_, n) => ({
  place: `new-${n}`,
  key: { source: 's', eventId: `e${n}` },
  otherKey: { source: 'unreadable', eventId: `other-${n}` },
  workflowId: `order/${n}`,
  bodyHash: 'h',
  claimedCase: n === 0 ? 'case' : null,
}));
const lost = { sequence: 5, caseId: 'case', customerId: null, name: '', mediatorClass: null };

/** About one event, one customer or one batch. */
const narrow: readonly Query<unknown>[] = [
  lookUp(asked),
  writeRows('1', [], ['case']),
  noteLost(lost),
  unrungEvents(128, 0),
  unrungEvents(128, 128),
  markRung([key]),
  openEvents('c1', { source: 's', id: 'e1' }, 16),
  markStarted([{ ...key, hasEnded: true }]),
  markDeadLettered(key, 'case'),
  completeEvent({ workflowId: 'order/1', outcome: 'completed' }),
  eventToRefuse({ workflowId: 'order/1', refusal: 'UnknownCustomer', message: '' }),
];
/** About all that was rung for. */
const wide: readonly Query<unknown>[] = [countUnderWay(300), ringAgain(), overdueCustomers(), countedWaiting()];

test.each([...narrow, ...wide])(
  '$statement reads an index, however large the table is',
  async ({ sql: { text, values } }) => {
    // PostgreSQL plans a statement for its values, and may plan it once for all values.
    for (const plan of [await planOf(`EXPLAIN ${text}`, values), await planOf(`EXPLAIN (GENERIC_PLAN) ${text}`, [])]) {
      expect(plan).toMatch(/Index (Only )?Scan using initiating_event_/);
      expect(plan).not.toContain('Seq Scan on initiating_event');
    }
  },
);

async function planOf(text: string, values: readonly unknown[]): Promise<string> {
  const { rows } = await bench.sql.query<{ 'QUERY PLAN': string }>(text, [...values]);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

test('with thousands that wait, of which the planner does not know, one is found as fast, and all that go on at once', async () => {
  await writeOpen('z', 20_000, {
    customers: 2_000,
    caseId: `CASE WHEN n <= 2000 THEN 'place-z' || n END`,
    rungAt: 'now()',
  });
  await writeOpen('long', 5, { rungAt: `now() - interval '5 minutes'` });
  await writeOpen('now', 7, { rungAt: 'now()' });
  await writeOpen('crowd', 20_000, { rungAt: 'NULL' });
  for (const query of narrow) expect(await rowsRead(query), query.statement).toBeLessThan(1_000);
  const client = await bench.sql.connect();
  try {
    await client.query('SET statement_timeout = 3000'); // the intake's is 10 s
    const on = runnerOn(client);
    expect(await on.run(countUnderWay(300))).toEqual([{ underWay: 7 }]);
    expect((await on.run(overdueCustomers())).map(({ customerId }) => customerId).toSorted()).toEqual(overdue);
    expect(await on.run(openEvents('z-1', null, 16))).toHaveLength(10);
    expect(await on.run(unrungEvents(128, 10))).toHaveLength(10);
  } finally {
    client.release(true);
  }
});

const overdue = [1, 2, 3, 4, 5].map((n) => `long-${n}`);

/** Writes received events of customers `<prefix>-<n>`; those with a case are dead letters, for which the others wait. */
async function writeOpen(
  prefix: string,
  count: number,
  { customers = count, caseId = 'NULL', rungAt }: { customers?: number; caseId?: string; rungAt: string },
): Promise<void> {
  await bench.sql.query(
    `INSERT INTO mediator_store.initiating_event (${columns}, case_id, subject, headers, body)
    SELECT 's', '${prefix}' || n, 'place-order', 'hard', 'started', '${prefix}-' || 1 + n % ${customers}, 'h', 'order/${prefix}' || n, 200000 + n,
      'place-${prefix}' || n, nextval('mediator_store.event_position'), CASE WHEN ${caseId} IS NULL THEN 'received' ELSE 'dead-lettered' END,
      ${rungAt}, ${caseId}, 's', '{}', 'x' FROM generate_series(1, ${count}) AS n`,
  );
}

/** The rows of events that a statement reads, also those that it passes over. It writes nothing. */
async function rowsRead({ sql: { text, values } }: Query<unknown>): Promise<number> {
  const client = await bench.sql.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
      [...values],
    );
    await client.query('ROLLBACK');
    return sumOf(rows[0]?.['QUERY PLAN'][0]?.Plan ?? expect.fail('there is no plan'));
  } finally {
    client.release();
  }
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

function sumOf(node: PlanNode): number {
  const isRead = node['Relation Name'] === 'initiating_event' && node['Node Type'].includes('Scan');
  const read = (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
  return (node.Plans ?? []).reduce((sum, part) => sum + sumOf(part), isRead ? read : 0);
}
