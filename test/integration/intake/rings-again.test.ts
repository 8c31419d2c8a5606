import { afterAll, beforeAll, expect, test } from 'vitest';
import { ringAgain } from '../../../broker-bridge/intake/store/ringing.ts';
import { runnerOn } from '../../../prisma/statement.ts';
import { openIntakeBench, type IntakeBench } from '../../support/intake.ts';

let bench: IntakeBench;
beforeAll(async () => {
  bench = await openIntakeBench({}, []);
});
afterAll(() => bench?.rig.close());

/** Writes an event of a customer that was rung for so many seconds ago. */
const write = (eventId: string, customerId: string, state: string, rung: number) =>
  bench.sql.query(
    `INSERT INTO mediator_store.initiating_event
      (source, event_id, name, mediator_class, customer_id, body_hash, state, place, position, rung_at)
    VALUES ('s', $1, 'place-order', 'hard', $2, 'h', $3, $1, nextval('mediator_store.event_position'),
      now() - make_interval(secs => $4))`,
    [eventId, customerId, state, rung],
  );

test('an intake that begins rings again for what it may not have rung for, and not for what has nothing behind it', async () => {
  await write('just-noted', 'c-1', 'received', 1);
  await write('noted-long-ago', 'c-2', 'received', 90);
  await write('repaired-before-others', 'c-1', 'repaired', 1);
  await write('repaired-long-ago', 'c-1', 'repaired', 90);
  await write('repaired-alone', 'c-3', 'repaired', 1);
  await write('complete', 'c-1', 'complete', 1);
  await runnerOn(bench.sql).execute(ringAgain());
  const { rows } = await bench.sql.query<{ id: string }>(
    'SELECT event_id AS id FROM mediator_store.initiating_event WHERE rung_at IS NULL ORDER BY event_id',
  );
  expect(rows.map(({ id }) => id)).toEqual(['just-noted', 'repaired-before-others']);
});
