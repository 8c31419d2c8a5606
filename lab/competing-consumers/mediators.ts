import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { placeOrder } from '../../app/place.ts';
import { loadOrderPolicy } from '../../config/order-policy.ts';
import { endAll } from '../../test/support/rig/end-all.ts';
import { launchWorker, type WorkerProcess } from '../../test/support/rig/worker.ts';
import { millisecondsOf } from '../kit/in-turns.ts';
import { labOrder } from '../lab-order.ts';
import { withLabShop, type LabShop } from '../open-shop.ts';

export const mediatorCounts = [1, 2, 4] as const;

/** The orders that are placed at once. */
export const ordersAtOnce = 40;

/** The whole shop, with as many processes of the order mediator as are wanted. */
export interface MediatorStage {
  /** Orders a second with so many mediator processes, all seven processors in one other. */
  perSecond(mediators: number): Promise<number>;
}

/** Opens the shop, works with it, and closes it. */
export const withMediatorStage = <Result>(work: (stage: MediatorStage) => Promise<Result>): Promise<Result> =>
  withLabShop([['processors'], ['relay', 'listeners']], async (shop) => work(await prepared(shop)));

async function prepared(shop: LabShop): Promise<MediatorStage> {
  const running: WorkerProcess[] = [];
  shop.onClose(() => endAll(running.map((worker) => worker.stop)));
  await shop.sql.query('UPDATE inventory.stock SET on_hand = 10000000');
  return {
    async perSecond(mediators) {
      await adjust(shop, running, mediators);
      await many(shop, 2 * mediators); // warm
      return (ordersAtOnce * 1000) / (await millisecondsOf(() => many(shop, ordersAtOnce)));
    },
  };
}

async function adjust({ env, folder, build }: LabShop, running: WorkerProcess[], wanted: number): Promise<void> {
  await Promise.all(running.splice(wanted).map((worker) => worker.stop()));
  while (running.length < wanted) {
    const own = join(folder, `mediator-${running.length + 1}`);
    mkdirSync(own, { recursive: true });
    running.push(await launchWorker(['order-mediator'], env, own, build));
  }
}

const many = (shop: LabShop, count: number) => Promise.all(Array.from({ length: count }, () => order(shop)));

async function order({ client }: LabShop): Promise<void> {
  const policy = loadOrderPolicy({});
  const { workflowId } = await placeOrder({ client, event: labOrder(), policy, deadlineMs: 120_000 });
  await client.workflow.getHandle(workflowId).result();
}
