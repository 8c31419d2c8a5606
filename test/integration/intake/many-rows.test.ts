import { afterAll, beforeAll, expect, test } from 'vitest';
import { lockResumable, noteLost, unnotifiedCases } from '../../../broker-bridge/intake/store/progress.ts';
import { lockStream } from '../../../broker-bridge/intake/store/recording.ts';
import { runnerOn } from '../../../prisma/statement.ts';
import { openIntakeBench, type IntakeBench } from '../../support/intake.ts';

let bench: IntakeBench;

beforeAll(async () => {
  bench = await openIntakeBench();
  const { sql } = bench;
  await sql.query('ALTER TABLE mediator_store.initiating_event SET (autovacuum_enabled = false)');
  await sql.query(`INSERT INTO mediator_store.recorded VALUES ('Q', 0, '{[1,2000000)}')`);
  await sql.query(`
    INSERT INTO mediator_store.initiating_event (source, event_id, name, waits_until, customer_id, body_hash, workflow_id, state, stream_sequence, position)
    SELECT 's', 'e' || n, 'place-order', 'started', 'c' || n % 1000, 'h', 'order/' || n, 'complete', n, n FROM generate_series(1, 60000) AS n`);
  await sql.query('ANALYZE mediator_store.initiating_event'); // the planner believes from now on that nothing is deferred
});

afterAll(() => bench?.rig.close());

test('recording a batch, and a lost message, look through no more rows when the mediator store has grown', async () => {
  const lost = { sequence: 5, caseId: 'case', customerId: null, name: '', mediatorClass: null };
  for (const { sql } of [lockStream('Q'), noteLost('Q', lost), unnotifiedCases(32)]) {
    const { rows } = await bench.sql.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql.text}`, [...sql.values]);
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).not.toContain('Seq Scan on initiating_event');
  }
});

test('thousands that are deferred are resumed at once, whatever the planner believes of how many there are', async () => {
  await bench.sql.query(`
    INSERT INTO mediator_store.initiating_event (source, event_id, name, waits_until, customer_id, body_hash, workflow_id, state, stream_sequence, position, subject, headers, body)
    SELECT 's', 'p' || n, 'place-order', 'started', 'z' || n % 2000, 'h', 'order/p' || n, CASE WHEN n < 2000 THEN 'dead-lettered' ELSE 'deferred' END,
      100000 + n, 100000 + n, 's', '{}', 'x' FROM generate_series(1, 10000) AS n`);
  const client = await bench.sql.connect();
  try {
    await client.query('SET statement_timeout = 3000'); // the intake's is 10 s
    const resumable = await runnerOn(client).run(lockResumable('Q', 32));
    // Of all customers only the first has no erroneous event before its deferred ones.
    expect(resumable).toMatchObject([{ eventId: 'p2000' }]);
  } finally {
    client.release(true);
  }
});
