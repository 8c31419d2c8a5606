import { Context } from '@temporalio/activity';
import type { ReconcilerActivities } from '../../contracts/mediators/reconciler.ts';
import type { UnfinishedOrder } from '../mediator-store/orders.ts';
import { recoverEvents, type RecoverEventsPorts } from './recover-events.ts';

/** What the reconciler needs to know of Temporal. */
export interface OrderFlows {
  /** The ids of all order workflows that run, as visibility lists them: it lags. */
  running(): Promise<ReadonlySet<string>>;
  /** Whether this one runs, for certain. */
  isRunning(workflowId: string): Promise<boolean>;
  /** Starts the workflow of an order anew. False when it runs, or has completed meanwhile. */
  start(order: UnfinishedOrder): Promise<boolean>;
}

export interface ReconcilerPorts {
  /** Every order of the mediator store that has not ended, in pages. */
  readonly unfinished: () => AsyncIterable<readonly UnfinishedOrder[]>;
  readonly flows: OrderFlows;
  readonly events: RecoverEventsPorts;
}

/**
 * Finds orders and queued events without a workflow and starts one. An order goes on from the mediator store and from the processors' stored answers. Asks Temporal
 * about each order that visibility does not list as running, before it believes that it is gone.
 */
export const createReconciler = ({ unfinished, flows, events }: ReconcilerPorts): ReconcilerActivities => ({
  async recoverOrders() {
    const { log, heartbeat } = Context.current();
    const running = await flows.running();
    const restarted: string[] = [];
    const undone: string[] = [];
    let examined = 0;
    for await (const page of unfinished()) {
      examined += page.length;
      for (const order of page.filter(({ workflowId }) => !running.has(workflowId))) {
        heartbeat();
        if (await flows.isRunning(order.workflowId)) continue;
        if (!(await flows.start(order))) continue;
        (order.compensating ? undone : restarted).push(order.orderId);
        log.warn('an unfinished order had no workflow; one was started', {
          orderId: order.orderId,
          compensating: order.compensating,
        });
      }
    }
    return { examined, restarted, undone };
  },
  recoverEvents: () => recoverEvents(events),
});
