import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { objects, runCommandLine } from '../../support/command-line.ts';
import { openRig, type Rig } from '../../support/rig.ts';

let rig: Rig;
let sql: pg.Pool;
beforeAll(async () => {
  rig = await openRig();
  sql = new pg.Pool({ connectionString: rig.databaseUrl, max: 2 });
  rig.onClose(() => sql.end());
});
afterAll(() => rig.close());

/** Writes rows of one class and state; those that are complete took 1 second, 2 seconds, and so on. */
const add = (mediatorClass: string | null, state: string, rows: number) =>
  sql.query(
    `INSERT INTO mediator_store.initiating_event (source, event_id, name, mediator_class, body_hash, state, received_at, completed_at)
     SELECT 'test', coalesce($1, 'unknown') || $2 || n, 'an-event', $1, '', $2, now(),
       CASE WHEN $2 IN ('complete', 'discarded') THEN now() + make_interval(secs => n) END
     FROM generate_series(1, $3::int) AS n`,
    [mediatorClass, state, rows],
  );

test('says so when there are no events yet', async () => {
  const { code, printed, noted } = await runCommandLine(rig.env, 'classes');
  expect({ code, printed, noted }).toEqual({ code: 0, printed: [], noted: ['There are no initiating events yet.'] });
});

test('counts events by class and state, and says how long those took that are complete', async () => {
  await add('complex', 'started', 2);
  await add('simple', 'complete', 101);
  await add('simple', 'discarded', 3);
  await add('simple', 'received', 4);
  await add('hard', 'complete', 1);
  await add(null, 'dead-lettered', 5);
  const none = { received: 0, started: 0, complete: 0, 'dead-lettered': 0, repaired: 0, discarded: 0 };
  expect(objects(await runCommandLine(rig.env, 'classes', '--json'))).toEqual([
    {
      mediatorClass: 'simple',
      events: 108,
      states: { ...none, complete: 101, discarded: 3, received: 4 },
      p50: 51,
      p95: 96,
    },
    { mediatorClass: 'hard', events: 1, states: { ...none, complete: 1 }, p50: 1, p95: 1 },
    { mediatorClass: 'complex', events: 2, states: { ...none, started: 2 }, p50: null, p95: null },
    { mediatorClass: null, events: 5, states: { ...none, 'dead-lettered': 5 }, p50: null, p95: null },
  ]);
  const { printed } = await runCommandLine(rig.env, 'classes');
  expect(printed.map((line) => line.split(/ {2,}/))).toEqual([
    ['class', 'events', 'received', 'started', 'complete', 'dead-lettered', 'repaired', 'discarded', 'p50', 'p95'],
    ['simple', '108', '4', '0', '101', '0', '0', '3', '51.000 s', '96.000 s'],
    ['hard', '1', '0', '0', '1', '0', '0', '0', '1.000 s', '1.000 s'],
    ['complex', '2', '0', '2', '0', '0', '0', '0', '-', '-'],
    ['unknown', '5', '0', '0', '0', '5', '0', '0', '-', '-'],
  ]);
});
