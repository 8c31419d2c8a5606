import { temporalActivity } from '../kit/activity-context.ts';
import { replenishmentWorkflowId } from '../../contracts/ids.ts';
import type { ReconcilerActivities } from '../../contracts/mediators/reconciler.ts';
import type { PurchaseOrder } from '../../contracts/warehouse.ts';
import type { SqlRunner } from '../../prisma/statement.ts';
import { isStillUnfinished, unfinishedOrders, type UnfinishedOrder } from '../mediator-store/unfinished-orders.ts';
import { recoverEvents, type EventFlows } from './recover-events.ts';

/** The workflows of orders in Temporal. */
export interface OrderFlows {
  /** The ids of the running ones. Visibility lists them, so they lag. */
  running(): Promise<ReadonlySet<string>>;
  /** True when this one runs, for certain. */
  isRunning(workflowId: string): Promise<boolean>;
  /** Starts the workflow of an order anew, also when an earlier one has ended. False when it runs. */
  start(order: UnfinishedOrder): Promise<boolean>;
}

/** The workflows of purchase orders in Temporal. */
export interface ReplenishmentFlows {
  /** The ids of the running ones. Visibility lists them, so they lag. */
  running(): Promise<ReadonlySet<string>>;
  /** Starts the workflow of a purchase order, also when an earlier one has ended. False when it runs. */
  start(purchaseOrder: PurchaseOrder): Promise<boolean>;
}

/** The ports of the reconciler. */
export interface ReconcilerPorts {
  readonly database: SqlRunner;
  readonly orders: OrderFlows;
  readonly events: EventFlows;
  readonly replenishments: ReplenishmentFlows;
  /** Rings the bell of a customer. */
  ring(customerId: string): Promise<void>;
  /** The purchase orders that the supplier has not delivered to the end. */
  openPurchaseOrders(): Promise<readonly PurchaseOrder[]>;
}

/**
 * Finds orders and queued events without a workflow and starts one. An order resumes from the mediator store and from
 * the processors' stored answers. Before an order counts as lost, Temporal is asked about it by its id, since
 * visibility lags. A mediator's last write comes before its workflow's end, so the row is read once more then: an order
 * that is unfinished although its workflow has completed comes from an older copy of the database.
 */
export const createReconciler = (ports: ReconcilerPorts): ReconcilerActivities => ({
  async recoverOrders() {
    const { log, heartbeat } = temporalActivity();
    const { database, orders } = ports;
    const running = await orders.running();
    const restarted: string[] = [];
    const undone: string[] = [];
    let examined = 0;
    for await (const page of unfinishedOrders(database)) {
      examined += page.length;
      for (const order of page.filter(({ workflowId }) => !running.has(workflowId))) {
        heartbeat();
        if (await orders.isRunning(order.workflowId)) continue;
        if (!(await isStillUnfinished(database, order.orderId))) continue;
        if (!(await orders.start(order))) continue;
        const { orderId, compensating } = order;
        (compensating ? undone : restarted).push(orderId);
        log.warn('an unfinished order had no workflow; one was started', { orderId, compensating });
      }
    }
    return { examined, restarted, undone };
  },
  recoverEvents: () => recoverEvents({ database: ports.database, flows: ports.events, ring: ports.ring }),
  async recoverReplenishments() {
    const { log, heartbeat } = temporalActivity();
    const running = await ports.replenishments.running();
    const replenished: string[] = [];
    for (const purchaseOrder of await ports.openPurchaseOrders()) {
      heartbeat();
      const { purchaseOrderId } = purchaseOrder;
      if (running.has(replenishmentWorkflowId(purchaseOrderId))) continue;
      if (!(await ports.replenishments.start(purchaseOrder))) continue;
      replenished.push(purchaseOrderId);
      log.warn('an open purchase order had no workflow; one was started', { purchaseOrderId });
    }
    return { replenished };
  },
});
