import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase, type Database } from '../../../prisma/database.ts';
import { verifyAudit } from '../../../app/reads/audit.ts';
import { createRepairCaseStore } from '../../../activities/repair/case-store.ts';
import { openRig, type Rig } from '../../support/rig.ts';
import { erroneous } from './stage.ts';

let rig: Rig;
let database: Database;
let pool: pg.Pool;
beforeAll(async () => {
  rig = await openRig();
  database = openDatabase(rig.databaseUrl, { poolSize: 8 });
  rig.onClose(() => database.close());
  pool = new pg.Pool({ connectionString: rig.databaseUrl, max: 4 });
  rig.onClose(() => pool.end());
});
afterAll(() => rig.close());

const append = (caseId: string, step: string) =>
  pool.query<{ at: string | null }>(`SELECT repair.append_audit($1, $2, 'taken', 'Ruth', '{"n": 1}') AS at`, [
    caseId,
    step,
  ]);

/** What only whoever owns the server can do. */
async function asSuperuser(...statements: readonly string[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('ALTER TABLE repair.audit DISABLE TRIGGER USER');
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.query('ALTER TABLE repair.audit ENABLE ALWAYS TRIGGER audit_is_only_added_to');
    client.release();
  }
}

describe('the audit trail of repairs', () => {
  test('is one chain, whoever adds to it at the same time, and a repeated step is in it once', async () => {
    const cases = createRepairCaseStore(database);
    const events = Array.from({ length: 40 }, (_, n) => erroneous('{}', { caseId: `chain-${n}` }));
    await Promise.all(events.map((event) => cases.openCase(event, false)));
    await Promise.all(events.map((event) => cases.openCase(event, false)));
    await append('chain-1', 'once');
    expect((await append('chain-1', 'once')).rows).toEqual([{ at: null }]);
    const verdict = await verifyAudit(database);
    expect(verdict).toMatchObject({ ok: true, steps: 41, head: { position: 41 } });
  });

  test('holds no message, only its hash', async () => {
    const body = '{"card":"card_secret_42"}';
    await createRepairCaseStore(database).openCase(erroneous(body, { caseId: 'secret' }), false);
    const { rows } = await pool.query<{ details: string }>(
      `SELECT details::text FROM repair.audit WHERE case_id = 'secret'`,
    );
    expect(rows[0]?.details).toMatch(/"bodyHash": "[0-9a-f]{64}"/);
    expect(rows[0]?.details).not.toContain('card_secret');
  });

  test.each([
    ['update', `UPDATE repair.audit SET actor = 'nobody' WHERE position = 1`],
    ['delete', 'DELETE FROM repair.audit WHERE position = 1'],
    ['truncate', 'TRUNCATE repair.audit'],
    ['an update of nothing', `UPDATE repair.audit SET actor = 'nobody' WHERE false`],
    ['removing its head', 'DELETE FROM repair.audit_head'],
  ])('refuses %s, also to the owner of the tables', async (_, statement) => {
    await expect(pool.query(statement)).rejects.toThrow(/only added to/);
    const replicating = await pool.connect();
    try {
      await replicating.query('SET session_replication_role = replica');
      await expect(replicating.query(statement)).rejects.toThrow(/only added to/);
    } finally {
      await replicating.query('RESET session_replication_role');
      replicating.release();
    }
  });

  test('is written as a role that may add and read, and nothing else', async () => {
    const client = await pool.connect();
    try {
      const owner = await client.query<{ name: string }>(
        `SELECT pg_get_userbyid(proowner) AS name FROM pg_proc WHERE proname = 'append_audit' AND prosecdef`,
      );
      expect(owner.rows).toEqual([{ name: 'repair_auditor' }]);
      await client.query('SET ROLE repair_auditor');
      await client.query('SELECT count(*) FROM repair.audit');
      for (const statement of [
        'UPDATE repair.audit SET step = step',
        'DELETE FROM repair.audit',
        'TRUNCATE repair.audit',
      ]) {
        await expect(client.query(statement)).rejects.toThrow(/permission denied/);
      }
      await expect(client.query('SELECT count(*) FROM repair.case')).rejects.toThrow(/permission denied/);
    } finally {
      await client.query('RESET ROLE');
      client.release();
    }
  });

  test('tells where it was tampered with', async () => {
    const intact = await verifyAudit(database);
    if (!intact.ok) throw new Error('The chain is broken before anybody touched it.');
    await asSuperuser(`UPDATE repair.audit SET details = details || '{"n": 2}' WHERE position = 7`);
    expect(await verifyAudit(database)).toMatchObject({
      ok: false,
      position: 7,
      problem: expect.stringMatching(/was changed/),
    });
    await asSuperuser(`UPDATE repair.audit SET details = details - 'n' WHERE position = 7`);
    expect(await verifyAudit(database)).toEqual(intact);

    await asSuperuser('CREATE TABLE kept AS SELECT * FROM repair.audit WHERE position IN (12, 42)');
    await asSuperuser('DELETE FROM repair.audit WHERE position = 12');
    expect(await verifyAudit(database)).toMatchObject({
      ok: false,
      position: 12,
      problem: expect.stringMatching(/missing here/),
    });
    await asSuperuser('INSERT INTO repair.audit SELECT * FROM kept WHERE position = 12');

    await asSuperuser('DELETE FROM repair.audit WHERE position = 42');
    expect(await verifyAudit(database)).toMatchObject({
      ok: false,
      position: 42,
      problem: expect.stringMatching(/missing at the end/),
    });
    await asSuperuser('INSERT INTO repair.audit SELECT * FROM kept WHERE position = 42', 'DROP TABLE kept');
    expect(await verifyAudit(database)).toEqual(intact);
  });

  test('that was made anew as a whole is told by a place that was noted before', async () => {
    const noted = await verifyAudit(database);
    if (!noted.ok) throw new Error('The chain is broken before anybody touched it.');
    await append('chain-2', 'later');
    expect(await verifyAudit(database, noted.head)).toMatchObject({ ok: true });
    await asSuperuser(
      `UPDATE repair.audit SET actor = 'Somebody else' WHERE position = 41`,
      ...[41, 42, 43].flatMap((at) => [
        `UPDATE repair.audit AS step SET previous_hash = before.hash FROM repair.audit AS before
         WHERE step.position = ${at} AND before.position = ${at - 1}`,
        `UPDATE repair.audit SET hash = repair.audit_hash(previous_hash, position, case_id, step_id, step, actor, details, at)
         WHERE position = ${at}`,
      ]),
      'UPDATE repair.audit_head SET hash = (SELECT hash FROM repair.audit ORDER BY position DESC LIMIT 1)',
    );
    expect(await verifyAudit(database)).toMatchObject({ ok: true });
    expect(await verifyAudit(database, noted.head)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/made anew/),
    });
  });
});
