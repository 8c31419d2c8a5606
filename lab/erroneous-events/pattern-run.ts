import { setTimeout as sleep } from 'node:timers/promises';
import type { LabShop } from '../open-shop.ts';
import { perSecond, type Measured } from './measured.ts';
import type { Published } from './publishing.ts';

interface Row {
  readonly id: string;
  readonly received: number;
  readonly started: number;
  readonly complete: number;
}

/** Waits until all events of a run are done, the repaired ones too, and measures the good ones. */
export async function measurePattern(shop: LabShop, run: string, published: Published): Promise<Measured> {
  await untilDone(shop, run, published);
  const rows = await goodRows(shop, run);
  const since = (row: Row) => published.at.get(row.id) ?? Number.NaN;
  return {
    perSecond: perSecond(rows.map(({ complete }) => complete), published.begun, published.ended), // prettier-ignore
    times: {
      'received to started': rows.map(({ received, started }) => started - received),
      'published to started': rows.map((row) => row.started - since(row)),
      'published to complete': rows.map((row) => row.complete - since(row)),
    },
  };
}

const instant = (column: string): string => `extract(epoch FROM ${column})::float8 * 1000`;

async function goodRows({ sql }: LabShop, run: string): Promise<readonly Row[]> {
  const text = `SELECT event_id AS id, ${instant('received_at')} AS received, ${instant('coalesce(started_at, completed_at)')} AS started,
      ${instant('completed_at')} AS complete
    FROM mediator_store.initiating_event WHERE event_id LIKE $1 AND state = 'complete'`;
  return (await sql.query<Row>(text, [`${run}-good-%`])).rows;
}

/** A bad event is done when the event that was resubmitted for it is complete. */
async function untilDone({ sql }: LabShop, run: string, { at, bad }: Published): Promise<void> {
  const text = `SELECT count(*)::int AS n FROM mediator_store.initiating_event WHERE event_id LIKE $1 AND state = 'complete'`;
  const deadline = Date.now() + 180_000;
  for (;;) {
    const { rows } = await sql.query<{ n: number }>(text, [`${run}-%`]);
    const done = rows[0]?.n ?? 0;
    if (done >= at.size + bad) return;
    if (Date.now() > deadline)
      throw new Error(`Of ${at.size + bad} events of ${run} ${done} are complete after 3 minutes.`);
    await sleep(200);
  }
}
