import { randomUUID } from 'node:crypto';
import { Client, Connection, ScheduleNotFoundError } from '@temporalio/client';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { placeOrder, type PlacedOrder } from '../../app/place.ts';
import { loadOrderPolicy } from '../../config/order-policy.ts';
import type { FactName } from '../../contracts/facts.ts';
import { orderMediator, type OrderOutcome, type Progress } from '../../contracts/mediators/order-mediator.ts';
import { reconciler } from '../../contracts/mediators/reconciler.ts';
import { lanes, type Lane, type OrderPolicy } from '../../contracts/mediators/order-policy.ts';
import type { PlaceOrder } from '../../contracts/place-order.ts';
import { runnerOn } from '../../prisma/statement.ts';
import { replayEverything } from './replay-everything.ts';
import { holdBy, holdTables } from './hold-tables.ts';
import { openRig, type Rig, type RigParts } from './rig.ts';
import { until } from './until.ts';

/** Every part of the system on servers of a test file's own, and what a test asks of it. */
export interface Shop {
  readonly rig: Rig;
  readonly client: Client;
  /** Places an order as the client does; everything may be overridden, and the policy is the shop's own unless another is given. */
  place(changes?: Partial<PlaceOrder>, policy?: OrderPolicy): Promise<PlacedOrder>;
  /** Places it and waits for its end. */
  outcomeOf(changes?: Partial<PlaceOrder>, policy?: OrderPolicy): Promise<OrderOutcome>;
  end(order: PlacedOrder): Promise<OrderOutcome>;
  progress(order: PlacedOrder): Promise<Progress>;
  sql<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Names of the order's facts in the outbox, by sequence. */
  factsOf(orderId: string): Promise<FactName[]>;
  /** Holds a table against everybody until the returned function is called: whoever needs it waits, seen by `waitingFor`. */
  holdTables(...tables: readonly string[]): Promise<() => Promise<void>>;
  /** Keeps the rows that these statements lock until the returned function is called. */
  holdRows(...statements: readonly string[]): Promise<() => Promise<void>>;
  /** Resolves when somebody waits for each of these tables at the same moment. */
  allWaitFor(...tables: readonly string[]): Promise<void>;
  /** Replays what ran, then ends everything. */
  close(): Promise<void>;
}

const everything: RigParts = {
  temporal: true,
  nats: true,
  cardGateway: true,
  supplier: true,
  carrier: true,
  smtpSink: true,
};

/** A correct order under a new request id, with changes. */
export const anOrder = (changes: Partial<PlaceOrder> = {}): PlaceOrder => ({
  requestId: randomUUID(),
  customerId: 'c-1',
  lines: [{ isbn: '9780134685991', quantity: 1 }],
  card: 'card_ok',
  shipTo: { name: 'Anna Lindqvist', street: '1 Harbour Street', city: 'Hamburg', postcode: '20457', country: 'DE' },
  currency: 'EUR',
  ...changes,
});

/** Opens a shop whose workers are these processes; by default one with everything. */
export async function openShop(
  parts: RigParts = {},
  workers: readonly (readonly string[])[] = [['order-mediator', 'processors', 'relay', 'listeners']],
): Promise<Shop> {
  const rig = await openRig({ ...everything, ...parts });
  try {
    const connection = await Connection.connect({ address: rig.temporal.address });
    rig.onClose(() => connection.close());
    const client = new Client({ connection, namespace: rig.temporal.namespace });
    await Promise.all(inLane(workers).map((names) => rig.launchWorker(...names)));
    const pool = new pg.Pool({ connectionString: rig.databaseUrl, max: 5 });
    rig.onClose(() => pool.end());
    return shopOn(rig, client, pool);
  } catch (error) {
    await rig.close();
    throw error;
  }
}

/**
 * The lane of the orders that tests place: `LANE=compact npx vitest run …` plays a test written for the channels in the
 * compact lane, where orders have to come to the same end.
 */
const lane = oneOfLanes(process.env['LANE'] ?? 'channels');

function oneOfLanes(name: string): Lane {
  const known = lanes.find((one) => one === name);
  if (!known) throw new Error(`LANE must be one of ${lanes.join(', ')}, not ${name}.`);
  return known;
}

/** The compact lane's worker runs beside the first mediator. */
const inLane = (workers: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  lane === 'compact' ? [['compact'], ...workers] : workers;

function shopOn(rig: Rig, client: Client, pool: pg.Pool): Shop {
  const workflowIds = new Set<string>();
  const database = runnerOn(pool);
  const place = async (changes: Partial<PlaceOrder> = {}, given = loadOrderPolicy({})) => {
    const policy = { lane, ...given };
    const placed = await placeOrder({ client, database, event: anOrder(changes), policy, deadlineMs: 240_000 });
    workflowIds.add(placed.workflowId);
    return placed;
  };
  const end = async ({ workflowId }: PlacedOrder) =>
    (await client.workflow.getHandle(workflowId).result()) as OrderOutcome;
  const sql = async <Row>(text: string, values: readonly unknown[] = []) =>
    (await pool.query(text, [...values])).rows as Row[];
  /** A test that fails before it releases what it holds must not stall the tests behind it, or keep the pool open. */
  const untilClose = async (holding: Promise<() => Promise<void>>) => {
    const release = await holding;
    rig.onClose(release);
    releaseWithTest(release);
    return release;
  };
  return {
    rig,
    client,
    place,
    end,
    sql,
    outcomeOf: async (changes, policy) => end(await place(changes, policy)),
    progress: ({ workflowId }) => client.workflow.getHandle(workflowId).query<Progress>(orderMediator.progressQuery),
    async factsOf(orderId) {
      const query = 'SELECT name FROM outbox.fact WHERE key = $1 ORDER BY sequence';
      return (await sql<{ name: FactName }>(query, [orderId])).map(({ name }) => name);
    },
    holdTables: (...tables) => untilClose(holdTables(pool, tables)),
    holdRows: (...statements) => untilClose(holdBy(pool, ...statements)),
    allWaitFor: (...tables) => allWaitFor(sql, tables),
    async close() {
      try {
        await replayEverything(client, workflowIds);
        await endSchedule(client);
      } finally {
        await rig.close();
      }
    },
  };
}

/** Outside of a test, as in `beforeAll`, it is held until the shop closes. */
function releaseWithTest(release: () => Promise<void>): void {
  try {
    onTestFinished(release);
  } catch {
    // no test is running
  }
}

/** Temporal would go on starting the reconciler in this namespace, at the cost of the tests that follow. */
async function endSchedule({ schedule }: Client): Promise<void> {
  await schedule
    .getHandle(reconciler.scheduleId)
    .delete()
    .catch((error: unknown) => {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    });
}

async function allWaitFor(sql: Shop['sql'], tables: readonly string[]): Promise<void> {
  const query = `SELECT count(DISTINCT relation)::int AS waiting FROM pg_locks
    WHERE NOT granted AND relation = ANY ($1::regclass[]) AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  const patience = { what: `commands that wait for ${tables.join(', ')} at the same time`, within: 15_000 };
  await until(async () => (await sql<{ waiting: number }>(query, [tables]))[0]?.waiting === tables.length, patience);
}
