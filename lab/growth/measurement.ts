import type { MeasureOptions, Measurement } from '../kit/report.ts';
import { settled } from '../kit/settled.ts';
import { addCustomers, withLabShop } from '../open-shop.ts';
import { complete, customers, heldNow, hold, type Growing } from './orders.ts';
import { reportOf, type Size } from './report.ts';
import { cpuOfAll, stretch, type Stretch } from './stretch.ts';

/** Ten stretches: the first tenth of the orders warms the shop, each further tenth is a point. */
const stretches = 10;

/** As large as `ORDERS` says, in whole stretches. A tenth as many orders are held. */
function sizeOf(env: NodeJS.ProcessEnv): Size {
  const wanted = Number(env['ORDERS'] ?? 2_000);
  if (!Number.isInteger(wanted) || wanted < 100) throw new Error('ORDERS must be a whole number from 100 on.');
  const held = Math.round(wanted / stretches);
  return { orders: held * stretches, held };
}

/** The shop while its orders become ten times as many. */
export const measurement: Measurement = {
  name: 'growth',
  summary: 'cost, reads, relay lag, memory and database while orders become ten times as many (ORDERS, 2,000)',
  runs: 1,
  async measure({ runs, say }) {
    const size = sizeOf(process.env);
    const all: (readonly Stretch[])[] = [];
    for (let run = 1; run <= runs; run += 1)
      all.push(await grow(size, (line) => say(runs > 1 ? `run ${run}: ${line}` : line)));
    return reportOf(all, size);
  },
};

const processes = [['order-mediator'], ['mediators'], ['processors'], ['relay'], ['listeners']];

async function grow({ orders, held }: Size, say: MeasureOptions['say']): Promise<readonly Stretch[]> {
  return withLabShop(processes, async (shop) => {
    await addCustomers(shop, customers);
    const { rows } = await shop.sql.query<{ isbn: string }>(
      'UPDATE inventory.stock SET on_hand = 1000000 RETURNING isbn',
    );
    const growing: Growing = { shop, isbns: rows.map(({ isbn }) => isbn), completed: [] };
    await hold(growing, held);
    await complete(growing, orders / stretches);
    await settled(shop);
    say(`${held} orders are held, ${growing.completed.length} are completed`);
    const measured: Stretch[] = [];
    while (growing.completed.length < orders) {
      const one = await stretch(growing, orders / stretches);
      measured.push(one);
      say(lineOf(one));
    }
    const still = await heldNow(shop);
    if (still !== held) throw new Error(`Of ${held} held orders ${still} are held at the end.`);
    return measured;
  });
}

const lineOf = (one: Stretch): string =>
  `${one.orders} orders: ${one.perSecond.toFixed(1)}/s, ${cpuOfAll(one).toFixed(0)} ms of CPU each, desk p99 ${one.desk.p99.toFixed(0)} ms, ` +
  `relay lag p99 ${one.relayLag.p99.toFixed(0)} ms, database ${one.databaseKiB.toFixed(1)} KiB each`;
