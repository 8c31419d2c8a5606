import { randomUUID } from 'node:crypto';
import { bulk, bulkStart, type BulkOrder, type BulkProgress } from '../../../contracts/mediators/bulk.ts';
import type { PlaceOrder } from '../../../contracts/place-order.ts';
import { policyOf } from '../../support/policies.ts';
import { until } from '../../support/until.ts';
import type { Scenario } from './scenarios.ts';
import type { Stage } from './stage.ts';

const [more, actor] = [40, 'Robin'];

/** One held order and many that there are not; a bulk action goes on for two seconds then. */
async function begun(stage: Stage, declined: Omit<PlaceOrder, 'requestId'>) {
  const placed = await stage.place(declined, policyOf());
  await stage.held(placed, 'payment');
  const before = { state: 'held', holdReason: 'payment' } as const;
  const unknown = Array.from({ length: more }, () => `ord-${randomUUID().replaceAll('-', '').slice(0, 20)}`);
  const orders: BulkOrder[] = [placed.orderId, ...unknown].map((orderId) => ({ orderId, before }));
  const content = { reason: 'no longer sold' };
  const start = { id: randomUUID(), name: 'no longer sold', actor, action: 'cancel', content, orders } as const;
  return stage.client.workflow.start(bulk.workflowType, bulkStart(start));
}

/** The histories of bulk actions, of which the first order is this one. */
export const bulkScenarios = (declined: Omit<PlaceOrder, 'requestId'>): Readonly<Record<string, Scenario>> => ({
  'bulk-paused-and-resumed': async (stage) => {
    const handle = await begun(stage, declined);
    await handle.executeUpdate('pause', { args: [{ actor }] });
    await handle.executeUpdate('resume', { args: [{ actor }] });
    return handle.workflowId;
  },
  'bulk-stopped': async (stage) => {
    const handle = await begun(stage, declined);
    const isUnderWay = async () => (await handle.query<BulkProgress>(bulk.progressQuery)).done > 0;
    await until(isUnderWay, { what: 'the first answers' });
    await handle.executeUpdate('stop', { args: [{ actor }] });
    return handle.workflowId;
  },
});
