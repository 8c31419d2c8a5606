import { workerProcesses } from '../../stack/system/own-processes.ts';
import { startBareWorkers } from '../kit/bare/bare.ts';
import { settled } from '../kit/settled.ts';
import { withLabShop, type LabShop } from '../open-shop.ts';
import type { Bench } from './run.ts';

/** The shop of this measurement, with the bare workflow's workers beside it. */
export interface OrderBench extends Bench {
  readonly shop: LabShop;
}

/** Statements are counted by an extension of PostgreSQL, which is switched off while times are measured. */
const postgresSettings = ['shared_preload_libraries=pg_stat_statements'];

const processes = [...workerProcesses, 'compact'].map((name) => [name]);

/** Opens a shop with the processes of `npm start`, in which no title runs short; closes it when the work is done. */
export const withBench = <Result>(work: (bench: OrderBench) => Promise<Result>): Promise<Result> =>
  withLabShop(processes, async (shop) => work(await prepared(shop)), { postgresSettings });

async function prepared(shop: LabShop): Promise<OrderBench> {
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
}

/** Switches the counting of statements on or off, for all connections. */
export async function countStatements({ sql }: LabShop, on: boolean): Promise<void> {
  await sql.query(`ALTER SYSTEM SET pg_stat_statements.track = ${on ? 'top' : 'none'}`);
  await sql.query('SELECT pg_reload_conf()');
}
