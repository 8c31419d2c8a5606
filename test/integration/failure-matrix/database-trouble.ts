import pg from 'pg';
import type { Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';
import { installation } from './database-trouble-sql.ts';

/**
 * What is to happen to one order at one place. `fail`: an error. `hang`: waits for the case's gate; `hang-and-fail`: and fails then;
 * `hang-each-time`: so does every later attempt.
 * `fail-while-shut`: an error each time until the gate opens. `sleep`: takes so many seconds.
 */
export interface Planned {
  readonly requestId: string;
  /** Table and what is written there, as `strike` is told: `payment.guard`, `payment.tombstone`, `payment.answer refund-payment` … */
  readonly place: string;
  readonly deed: 'fail' | 'hang' | 'hang-and-fail' | 'hang-each-time' | 'fail-while-shut' | 'sleep';
  /** At which time of coming there; the first when left out. */
  readonly nth?: number;
  readonly gate: number;
  readonly seconds?: number;
}

/** Trouble on the database's side, in a test's own database: processors meet it where they write. */
export interface DatabaseTrouble {
  /** Shuts the gates and has the trouble ready. */
  plan(planned: readonly Planned[]): Promise<void>;
  /** Resolves when the order has come to a place so often. */
  met(planned: Pick<Planned, 'requestId' | 'place'>, times?: number): Promise<unknown>;
  /** Lets everybody on who waits at the gate, or comes there later. */
  open(gate: number): Promise<unknown>;
  /** Resolves when no statement is under way any more. */
  quiet(): Promise<unknown>;
}

const patience = 240_000;

/** Installs it. Connections made before do not have the time to hang. */
export async function installTrouble({ sql, rig }: Shop): Promise<DatabaseTrouble> {
  await sql(installation);
  // One connection, for as long as there are gates: the locks are its own.
  const gatekeeper = new pg.Pool({ connectionString: rig.databaseUrl, max: 1, idleTimeoutMillis: 0 });
  rig.onClose(() => gatekeeper.end());
  const counts = readingNowAndThen(async () => {
    const rows = await sql<{ at: string; times: string }>(`SELECT request_id || ' ' || place AS at, last_value AS times
      FROM trouble.planned JOIN pg_sequences ON sequencename = 'met_' || id WHERE schemaname = 'trouble'`);
    return new Map(rows.map(({ at, times }) => [at, Number(times)]));
  });
  return {
    async plan(planned) {
      await sql(planning, [JSON.stringify(planned)]);
      await sql(counting);
      const gates = [...new Set(planned.map(({ gate }) => gate))];
      await gatekeeper.query('SELECT pg_advisory_lock(7, gate) FROM unnest($1::int[]) AS gate', [gates]);
    },
    met({ requestId, place }, times = 1) {
      const at = `${requestId} ${place}`;
      const hasCome = async () => ((await counts()).get(at) ?? 0) >= times;
      return until(hasCome, { within: patience, what: `the order to come to ${place}` });
    },
    open: (gate) => gatekeeper.query('SELECT pg_advisory_unlock(7, $1)', [gate]),
    quiet: () =>
      until(async () => (await sql(underWay)).length === 0, { within: patience, what: 'every statement to end' }),
  };
}

const planning = `INSERT INTO trouble.planned (request_id, place, deed, nth, gate, seconds)
  SELECT "requestId", place, deed, coalesce(nth, 1), gate, seconds
  FROM jsonb_to_recordset($1::jsonb) AS plan("requestId" text, place text, deed text, nth int, gate int, seconds float8)`;

const counting = `DO $$ DECLARE one int; BEGIN
  FOR one IN SELECT id FROM trouble.planned LOOP EXECUTE format('CREATE SEQUENCE IF NOT EXISTS trouble.met_%s', one); END LOOP;
END $$`;

const underWay = `SELECT FROM pg_stat_activity
  WHERE datname = current_database() AND backend_type = 'client backend' AND state <> 'idle' AND pid <> pg_backend_pid()`;

/** A hundred that wait ask the database once, a few times a second. */
function readingNowAndThen<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => {
    reading ??= read().finally(() => setTimeout(() => (reading = undefined), 150));
    return reading;
  };
}
