import { setTimeout as sleep } from 'node:timers/promises';
import type { LabShop } from '../open-shop.ts';
import { numberOf } from '../kit/number-of.ts';
import { ends, perSecond, type Measured } from './measured.ts';
import type { Published } from './publishing.ts';

interface Row {
  readonly id: string;
  readonly started: number;
  readonly complete: number;
}

/** Waits until all events of a run are done, the repaired ones too, and measures the good ones. */
export async function measureGood(shop: LabShop, run: string, published: Published): Promise<Measured> {
  await untilDone(shop, run, published);
  const { rows } = await shop.sql.query<Row>(goodRows, [`${run}-good-%`]);
  const since = ({ id }: Row) => published.at.get(id) ?? Number.NaN;
  return {
    perSecond: perSecond(
      rows.map(({ complete }) => complete),
      published.begun,
      published.ended,
    ),
    started: ends(rows.map((row) => row.started - since(row))),
    complete: ends(rows.map((row) => row.complete - since(row))),
  };
}

const instant = (column: string): string => `extract(epoch FROM ${column})::float8 * 1000`;

const goodRows = `SELECT event_id AS id, ${instant('coalesce(started_at, completed_at)')} AS started, ${instant('completed_at')} AS complete
  FROM mediator_store.initiating_event WHERE event_id LIKE $1 AND state = 'complete'`;

/** A bad event is done when the event that was repaired of it is complete. */
async function untilDone({ sql }: LabShop, run: string, { at, bad }: Published): Promise<void> {
  const text = `SELECT count(*)::int AS n FROM mediator_store.initiating_event WHERE event_id LIKE $1 AND state = 'complete'`;
  const deadline = Date.now() + 180_000;
  for (;;) {
    const done = await numberOf(sql, text, [`${run}-%`]);
    if (done >= at.size + bad) return;
    if (Date.now() > deadline)
      throw new Error(`Of ${at.size + bad} events of ${run} ${done} are complete after 3 minutes.`);
    await sleep(100);
  }
}
