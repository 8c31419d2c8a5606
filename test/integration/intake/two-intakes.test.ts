import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { CloudEvent } from '../../../broker-bridge/intake/encode-event.ts';
import { openIntakeBench, registered, type IntakeBench } from '../../support/intake.ts';
import { launchWorker, type WorkerProcess } from '../../support/rig/worker.ts';
import { anOrder } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

let bench: IntakeBench;

beforeAll(async () => {
  bench = await openIntakeBench();
  await noteWhoWrites();
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((intake) => intake.stop()));
});

afterAll(() => bench?.rig.close());

const running: WorkerProcess[] = [];

/** Notes by which intake each claim was taken and each row was written. An intake says its name in its sessions. */
async function noteWhoWrites(): Promise<void> {
  const who = `current_setting('test.intake', true), clock_timestamp()`;
  await bench.sql.query(`
    CREATE TABLE written (place text, intake text, at timestamptz);
    CREATE TABLE claimed (term bigint, intake text, at timestamptz);
    CREATE FUNCTION note_row() RETURNS trigger LANGUAGE plpgsql AS
      $$BEGIN INSERT INTO public.written VALUES (NEW.place, ${who}); RETURN NULL; END$$;
    CREATE FUNCTION note_claim() RETURNS trigger LANGUAGE plpgsql AS
      $$BEGIN INSERT INTO public.claimed VALUES (NEW.term, ${who}); RETURN NULL; END$$;
    CREATE TRIGGER note AFTER INSERT ON mediator_store.initiating_event FOR EACH ROW EXECUTE FUNCTION note_row();
    CREATE TRIGGER note_first AFTER INSERT ON mediator_store.intake_claim FOR EACH ROW EXECUTE FUNCTION note_claim();
    CREATE TRIGGER note_next AFTER UPDATE ON mediator_store.intake_claim FOR EACH ROW WHEN (NEW.term > OLD.term)
      EXECUTE FUNCTION note_claim()`);
}

async function launchIntake(name: string): Promise<WorkerProcess> {
  const url = new URL(bench.rig.databaseUrl);
  url.searchParams.set('options', `-c test.intake=${name}`);
  // Orders count as under way for a minute here, because no order mediator runs.
  const limits = { INTAKE_ACK_SECONDS: '2', INTAKE_BATCH: '5', INTAKE_UNDER_WAY: '1000' };
  const env = { ...bench.rig.env, ...limits, DATABASE_URL: url.href };
  const intake = await launchWorker(['intake'], env, bench.rig.folder);
  running.push(intake);
  return intake;
}

const hasClaim = (name: string, within: number) =>
  until(
    async () =>
      (await bench.sql.query('SELECT intake FROM claimed ORDER BY term DESC LIMIT 1')).rows[0]?.intake === name,
    {
      within,
      what: `the ${name} intake to have the claim`,
    },
  );

const each = 15;

/** Fifteen events of each customer in turn, two of them registrations, for which the orders behind them wait. */
const eventsOf = (prefix: string, customers: number): readonly CloudEvent[] =>
  Array.from({ length: customers * each }, (_, index) => {
    const [customerId, n] = [`${prefix}-${index % customers}`, Math.floor(index / customers)];
    const order = { id: `${customerId}/${n}`, source: 'test', type: 'place-order', data: anOrder({ customerId }) };
    return n === 0 || n === 7 ? registered(`${customerId}/${n}`, customerId) : order;
  });

async function sendAll(events: readonly CloudEvent[]): Promise<void> {
  for (const event of events) await bench.send(event);
}

const recorded = async (prefix: string) => (await bench.rows('customer_id LIKE $1', [`${prefix}-%`])).length;

test("of two intakes one is killed: nothing is lost or doubled, and every customer's events are taken in order", async () => {
  const killed = await launchIntake('killed');
  await hasClaim('killed', 10_000);
  await launchIntake('heir');
  const events = eventsOf('k', 20);
  const sending = sendAll(events);
  await until(async () => (await recorded('k')) > 60, { within: 30_000 });
  await killed.kill();
  await hasClaim('heir', 5_000);
  await sending;
  await expectAllOnce('k', events);
  await expectInOrder('k');
});

test('an intake that is frozen is replaced within 5 seconds, and records nothing when it wakes up', async () => {
  const frozen = await launchIntake('frozen');
  await hasClaim('frozen', 10_000);
  await launchIntake('substitute');
  const events = eventsOf('f', 10);
  const sending = sendAll(events);
  await until(async () => (await recorded('f')) > 20, { within: 30_000 });
  process.kill(frozen.pid, 'SIGSTOP');
  const asleep = sleep(6_000);
  await hasClaim('substitute', 5_000);
  await asleep;
  process.kill(frozen.pid, 'SIGCONT');
  await until(() => hasSeenSuccessor(frozen), { what: 'the frozen intake to see its successor' });
  await sending;
  await expectAllOnce('f', events);
  await expectInOrder('f');
  const { rows } = await bench.sql.query(
    `SELECT intake, count(*)::int > 0 AS "hasWritten", count(*) FILTER (WHERE written.at > claimed.at)::int AS after
    FROM written, (SELECT max(at) AS at FROM claimed WHERE intake = 'substitute') AS claimed
    WHERE intake IN ('frozen', 'substitute') GROUP BY intake ORDER BY intake`,
  );
  expect(rows).toMatchObject([
    { intake: 'frozen', hasWritten: true, after: 0 },
    { intake: 'substitute', hasWritten: true },
  ]);
});

/** It tells this reason, although it may hear first that its consumer is gone, or a connection timed out. */
const hasSeenSuccessor = ({ pid, logFile }: WorkerProcess): boolean =>
  readFileSync(logFile, 'utf8')
    .split('\n')
    .some((line) => line.includes(`"pid":${pid},`) && line.includes('Another intake has taken over.'));

/** Every event has gone on, and what it asked for was done once. */
async function expectAllOnce(prefix: string, events: readonly CloudEvent[]): Promise<void> {
  const areDone = async () =>
    (
      await bench.rows(
        `customer_id LIKE $1 AND state = CASE WHEN name = 'place-order' THEN 'started' ELSE 'complete' END`,
        [`${prefix}-%`],
      )
    ).length;
  await until(async () => (await areDone()) === events.length, { within: 40_000, what: 'all events to go on' });
  await bench.drained();
  const rows = await bench.rows('customer_id LIKE $1', [`${prefix}-%`]);
  expect(rows.map(({ eventId }) => eventId).toSorted()).toEqual(events.map(({ id }) => id).toSorted());
  const { rows: facts } = await bench.sql.query<{ key: string; name: string }>(
    `SELECT key, array_agg(name ORDER BY sequence) AS names FROM outbox.fact WHERE key LIKE $1 GROUP BY key`,
    [`${prefix}-%`],
  );
  expect(facts).toEqual(facts.map(({ key }) => ({ key, names: ['customer-created', 'customer-emailed'] })));
  expect(facts).toHaveLength(events.length / each);
}

/** Rows stand in the order of the queue, and no event of a customer began before the one before it had. */
async function expectInOrder(prefix: string): Promise<void> {
  const { rows } = await bench.sql.query<TakenEvent>(
    `SELECT event_id AS id, customer_id AS "customerId", workflow_id AS "workflowId", name, stream_sequence::int AS sequence, started_at AS "startedAt",
      completed_at AS "completedAt" FROM mediator_store.initiating_event WHERE customer_id LIKE $1 ORDER BY position`,
    [`${prefix}-%`],
  );
  expect(rows.map(({ sequence }) => sequence)).toEqual(
    rows.map(({ sequence }) => sequence).toSorted((one, other) => one - other),
  );
  const begun = await startsOfOrders(rows);
  for (const customerId of new Set(rows.map((row) => row.customerId))) {
    const events = rows.filter((row) => row.customerId === customerId);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, n) => `${customerId}/${n}`));
    const times = events.flatMap(({ name, workflowId, startedAt, completedAt }) =>
      name === 'place-order' ? (begun.get(workflowId) ?? 0) : [startedAt.getTime(), completedAt.getTime()],
    );
    expect(times, customerId).toEqual(times.toSorted((one, other) => one - other));
  }
}

interface TakenEvent {
  readonly id: string;
  readonly customerId: string;
  readonly workflowId: string;
  readonly name: string;
  readonly sequence: number;
  readonly startedAt: Date;
  readonly completedAt: Date;
}

/** The instants at which Temporal began the orders. Each has one run, and there are no others. */
async function startsOfOrders(rows: readonly TakenEvent[]): Promise<ReadonlyMap<string, number>> {
  const orders = new Set(rows.filter(({ name }) => name === 'place-order').map(({ workflowId }) => workflowId));
  const customers = [...new Set(rows.map(({ customerId }) => `'${customerId}'`))].join(', ');
  const query = `WorkflowType = 'orderMediator' AND CustomerId IN (${customers})`;
  const count = async () => (await bench.client.workflow.count(query)).count;
  await until(async () => (await count()) === orders.size, { what: 'visibility to list every order' });
  const begun = new Map<string, number>();
  for await (const { workflowId, startTime } of bench.client.workflow.list({ query }))
    begun.set(workflowId, startTime.getTime());
  expect(new Set(begun.keys())).toEqual(orders);
  return begun;
}
