import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from '../../support/shop.ts';
import { openWire, type Wire } from '../../support/wire.ts';
import { launchWorker, type WorkerProcess } from '../../support/rig/worker.ts';
import { until } from '../../support/until.ts';

const others = ['order-placement', 'notification', 'inventory', 'order-fulfillment', 'warehouse', 'shipping'];

describe('a payment worker', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop({ cardGateway: { slowMs: 500 } }, [['order-mediator', ...others]]);
  });
  afterAll(() => shop.close());

  const paymentWorker = (env: NodeJS.ProcessEnv = {}): Promise<WorkerProcess> =>
    launchWorker(['payment'], { ...shop.rig.env, ...env }, shop.rig.folder);

  const committed = (orderId: string) => async () => {
    const charges = await shop.sql(`SELECT 1 FROM payment.charge WHERE order_id = $1 AND state = 'applied'`, [orderId]);
    return charges.length === 1;
  };

  /** Starts a worker whose words to Temporal are held back from the moment the charge is under way. */
  async function chargeUnheard(wire: Wire) {
    const worker = await paymentWorker({ TEMPORAL_ADDRESS: `127.0.0.1:${wire.port}` });
    const placed = await shop.place({ card: 'card_slow' });
    const intended = () => shop.sql('SELECT 1 FROM payment.charge WHERE order_id = $1', [placed.orderId]);
    await until(async () => (await intended()).length === 1, { what: 'the intent to charge' });
    wire.holdClients();
    await until(committed(placed.orderId), { what: 'the charge to be committed' });
    return { worker, placed };
  }

  it('killed between its commit and its acknowledgement does not charge again', async () => {
    const wire = await openWire(Number(shop.rig.temporal.address.split(':')[1]));
    const { worker, placed } = await chargeUnheard(wire);
    await worker.kill();
    await wire.close();
    const next = await paymentWorker();
    expect((await shop.end(placed)).outcome).toBe('completed');
    await next.stop();
    expect(shop.rig.cardGateway.charges(placed.orderId)).toHaveLength(1);
    const { steps } = await shop.progress(placed);
    expect(steps.find(({ command }) => command === 'apply-payment')?.attempt).toBe(2);
    const facts = await shop.factsOf(placed.orderId);
    expect(facts.filter((name) => name === 'payment-applied')).toHaveLength(1);
  });

  it('shares its channel with a second one', async () => {
    const workers = await Promise.all([paymentWorker(), paymentWorker()]);
    const placed = await Promise.all(Array.from({ length: 20 }, () => shop.place()));
    await Promise.all(placed.map(shop.end));
    await Promise.all(workers.map((worker) => worker.stop()));
    const identities = await Promise.all(
      placed.map(async ({ workflowId }) => {
        const { events } = await shop.client.workflow.getHandle(workflowId).fetchHistory();
        const identity = events?.find(({ activityTaskStartedEventAttributes: started }) =>
          started?.identity?.startsWith('payment@'),
        )?.activityTaskStartedEventAttributes?.identity;
        return identity;
      }),
    );
    expect(new Set(identities)).toEqual(new Set(workers.map(({ pid }) => `payment@${pid}`)));
  });
});
