import { encodeEvent } from '../../broker-bridge/intake/encode-event.ts';
import { withWorker, type LabShop, type Worked } from './shop.ts';

/** Customers of a burst, and its events. */
export const burst = { customers: 2_000, events: 10_000 };

/**
 * Rows of initiating events per second: the queue is full when the intake starts. It rings for the customers meanwhile;
 * nobody takes the events, so that the rows are all that is measured.
 */
export async function eventsPerSecond(shop: LabShop, run: string): Promise<Worked<number>> {
  await publishEvents(shop, run);
  return withWorker(shop, 'intake', () => rowsPerSecond(shop, run));
}

async function publishEvents({ broker }: LabShop, run: string): Promise<void> {
  const some = 50;
  for (let from = 0; from < burst.events; from += some)
    await Promise.all(Array.from({ length: some }, (_, i) => broker.publish(changeOf(run, from + i))));
}

function changeOf(run: string, at: number) {
  const address = { name: 'Lab', street: `${at} Bench Road`, city: 'Berlin', postcode: '10115', country: 'DE' };
  const data = { customerId: `lab-${at % burst.customers}`, address };
  return encodeEvent({ id: `${run}-${at}`, source: 'urn:lab', type: 'address-changed', data });
}

/** By the instants at which the transactions began, without the rows of the first. */
async function rowsPerSecond({ sql }: LabShop, run: string): Promise<number> {
  for (;;) {
    const { rows } = await sql.query<{ rows: number; later: number; seconds: number }>(
      `WITH mine AS (SELECT received_at FROM mediator_store.initiating_event WHERE event_id LIKE $1),
         ends AS (SELECT min(received_at) AS first, max(received_at) AS last FROM mine)
       SELECT count(*)::int AS rows, count(*) FILTER (WHERE received_at > first)::int AS later,
         extract(epoch FROM max(last) - max(first))::float8 AS seconds FROM mine, ends`,
      [`${run}-%`],
    );
    const [found] = rows;
    if (found?.rows === burst.events) return found.later / found.seconds;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
