import { createEventRecords } from '../activities/mediator-store/event-records.ts';
import { createOrderRecords } from '../activities/mediator-store/order-records.ts';
import { createReconciler } from '../activities/reconciler/processor.ts';
import { repairPolicy } from '../config/repair-policy.ts';
import { channels } from '../contracts/channels.ts';
import { createStartedEventStore } from '../activities/reconciler/started-events.ts';
import { createEventStore } from '../activities/mediator-store/events.ts';
import { createOrderStore } from '../activities/mediator-store/orders.ts';
import { createRepairCaseStore } from '../activities/repair/cases.ts';
import { createEventFlows } from './event-workflows.ts';
import { eventRegistry } from './event-registry.ts';
import { createOrderFlows } from './order-workflows.ts';
import type { StartComponent } from './component.ts';
import { keepReconcilerScheduled } from './reconciler-schedule.ts';
import { runWorker } from './run-worker.ts';
import { temporalClient } from './temporal-client.ts';
import { workflowCode } from './workflow-code.ts';

/** The mediators' worker: the workflows, the mediator store as local activities, and the reconciler with its Schedule. */
export const start: StartComponent = async (context) => {
  const { config, resources, log } = context;
  const kinds = eventRegistry(process.env);
  const workflowBundle = await workflowCode(log);
  const client = await temporalClient(context);
  const database = resources.database();
  const store = createOrderStore(database);
  const [events, cases] = [createEventStore(database), createRepairCaseStore(database)];
  const activities = {
    ...createOrderRecords({ store }),
    ...createEventRecords({ store: events, cases, policy: repairPolicy }),
    ...createReconciler({
      unfinished: () => store.unfinishedOrders(),
      flows: createOrderFlows(client),
      events: { started: createStartedEventStore(database), flows: createEventFlows(client, kinds) },
    }),
  };
  const plan = { name: 'order-mediator', channel: channels.orderMediator, activities, workflowBundle };
  const worker = await runWorker(plan, context);
  const stopKeeping = keepReconcilerScheduled({ client, everySeconds: config.reconcileEverySeconds, log });
  return {
    ...worker,
    async stop() {
      stopKeeping();
      await worker.stop();
    },
  };
};
