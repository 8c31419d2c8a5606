import { workerProcesses } from '../../stack/system/own-processes.ts';
import { factStream } from '../../contracts/facts.ts';
import { until } from '../../test/support/until.ts';
import { startBareWorkers } from '../kit/bare/bare.ts';
import { openLabShop, type LabShop } from '../open-shop.ts';
import type { Bench } from './run.ts';

/** The shop of this measurement, with the bare workflow's workers beside it. */
export interface OrderBench extends Bench {
  readonly shop: LabShop;
}

/** Statements are counted by an extension of PostgreSQL, which is switched off while times are measured. */
const postgresSettings = ['shared_preload_libraries=pg_stat_statements'];

/** Opens a shop with the processes of `npm start`, in which no title runs short. */
export async function openBench(): Promise<OrderBench> {
  const shop = await openLabShop(
    [...workerProcesses, 'compact'].map((name) => [name]),
    { postgresSettings },
  );
  try {
    const bare = await startBareWorkers(shop.env, shop.folder);
    shop.onClose(bare.stop);
    await shop.sql.query('UPDATE inventory.stock SET on_hand = 1000000');
    await shop.sql.query('CREATE EXTENSION pg_stat_statements');
    await countStatements(shop, false);
    return {
      shop,
      processes: [...shop.processes, ...bare.processes],
      result: (workflowId) => shop.client.workflow.getHandle(workflowId).result(),
      settle: () => settled(shop),
    };
  } catch (error) {
    await shop.close();
    throw error;
  }
}

/** Switches the counting of statements on or off, for all connections. */
export async function countStatements({ sql }: LabShop, on: boolean): Promise<void> {
  await sql.query(`ALTER SYSTEM SET pg_stat_statements.track = ${on ? 'top' : 'none'}`);
  await sql.query('SELECT pg_reload_conf()');
}

async function settled({ sql, broker }: LabShop): Promise<void> {
  const isSettled = async () => {
    const { rows } = await sql.query('SELECT FROM outbox.fact WHERE stream_sequence IS NULL LIMIT 1');
    if (rows.length > 0) return false;
    const consumers = [...(await broker.consumers(factStream.name)).values()];
    return consumers.every(({ pending, inFlight }) => pending + inFlight === 0);
  };
  await until(isSettled, { within: 60_000, what: 'the facts of the orders to be published and taken' });
}
