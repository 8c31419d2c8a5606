import { factStream } from '../../contracts/facts.ts';
import { until } from '../../test/support/until.ts';
import type { LabShop } from '../open-shop.ts';

/** Waits until every fact is published and every listener has taken those that it hears. */
export async function settled({ sql, broker }: Pick<LabShop, 'sql' | 'broker'>, within = 120_000): Promise<void> {
  const isSettled = async () => {
    const { rows } = await sql.query('SELECT FROM outbox.fact WHERE stream_sequence IS NULL LIMIT 1');
    if (rows.length > 0) return false;
    const consumers = [...(await broker.consumers(factStream.name)).values()];
    return consumers.every(({ pending, inFlight }) => pending + inFlight === 0);
  };
  await until(isSettled, { within, what: 'the facts of the orders to be published and taken' });
}
