import { placeOrder } from '../../app/place.ts';
import { loadOrderPolicy } from '../../config/order-policy.ts';
import { inTurns } from '../kit/in-turns.ts';
import type { MeasureOptions, Measurement, Report } from '../kit/report.ts';
import { settled } from '../kit/settled.ts';
import { someAtOnce } from '../kit/some-at-once.ts';
import { quantile } from '../kit/spread.ts';
import { labOrder } from '../lab-order.ts';
import { withLabShop, type LabShop } from '../open-shop.ts';
import { withOutage, type Scenario } from './outage.ts';
import { openPaymentDatabases, type PaymentDatabases, type Where } from './payment-database.ts';
import { reportOf, type Speed } from './report.ts';

const orders = 60;
const atOnce = 20;
const policy = loadOrderPolicy({});
const others = ['order-placement', 'notification', 'inventory', 'order-fulfillment', 'warehouse', 'shipping'];

/** Payment as a quantum of its own, beside the shop as it is. */
export const measurement: Measurement = {
  name: 'quanta',
  summary: 'payment with a database of its own against the shared one: speed, and what goes on when one is away',
  runs: 5,
  async measure(options) {
    return withLabShop([['order-mediator'], ['returns-mediator'], others, ['relay'], ['listeners']], async (shop) => {
      await shop.sql.query('UPDATE inventory.stock SET on_hand = 1000000');
      return await compare(shop, await openPaymentDatabases(shop), options);
    });
  },
};

/** One after the other: what is away, and where payment works. */
const scenarios: readonly Scenario[] = [
  { payment: 'shared', away: 'shared' },
  { payment: 'own', away: 'shared' },
  { payment: 'own', away: 'own' },
];

async function compare(shop: LabShop, databases: PaymentDatabases, { runs, say }: MeasureOptions): Promise<Report> {
  const side = (where: Where) => async () => {
    await databases.moveTo(where);
    await speedOf(shop, atOnce); // a processor's first commands open its connections
    return speedOf(shop, orders);
  };
  const speeds = await inTurns(runs, { shared: side('shared'), own: side('own') }, (where, run, one) =>
    say(`run ${run}, ${where} database: ${one.perSecond.toFixed(1)} orders/s, p50 ${one.p50.toFixed(0)} ms`),
  );
  const outages = [];
  for (const scenario of scenarios) {
    await databases.moveTo(scenario.payment);
    await speedOf(shop, atOnce);
    const found = await withOutage(shop, databases, scenario.away);
    say(`payment in the ${scenario.payment} database, the ${scenario.away} one away: ${JSON.stringify(found)}`);
    outages.push({ ...scenario, ...found });
  }
  return reportOf(speeds, outages, { orders, atOnce });
}

async function speedOf(shop: LabShop, count: number): Promise<Speed> {
  const took: number[] = [];
  const begun = performance.now();
  await someAtOnce(count, atOnce, async () => {
    const from = performance.now();
    const { workflowId } = await placeOrder({ client: shop.client, event: labOrder(), policy, deadlineMs: 120_000 });
    await shop.client.workflow.getHandle(workflowId).result();
    took.push(performance.now() - from);
  });
  const perSecond = (count * 1_000) / (performance.now() - begun);
  await settled(shop);
  return { perSecond, p50: quantile(took, 0.5), p99: quantile(took, 0.99) };
}
