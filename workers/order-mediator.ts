import { createEventLedger } from '../activities/mediator-store/event-records.ts';
import { createMediatorLedger } from '../activities/mediator-store/order-records.ts';
import { createReconciler } from '../activities/reconciler/processor.ts';
import { repairPolicy } from '../config/repair-policy.ts';
import { channels } from '../contracts/channels.ts';
import { createStartedEventStore } from '../activities/reconciler/started-events.ts';
import { createEventLedgerStore } from '../activities/mediator-store/events.ts';
import { createLedgerStore } from '../activities/mediator-store/orders.ts';
import { createRepairCaseStore } from '../activities/repair/cases.ts';
import { createEventFlows } from './event-flows.ts';
import { eventKinds } from './event-kinds.ts';
import { createOrderFlows } from './order-flows.ts';
import type { StartPart } from './part.ts';
import { keepReconcilerScheduled } from './reconciler-schedule.ts';
import { runWorker } from './run-worker.ts';
import { temporalClient } from './temporal-client.ts';
import { workflowCode } from './workflow-code.ts';

/** The mediators' worker: the workflows, the ledger as local activities, and the reconciler with its Schedule. */
export const start: StartPart = async (context) => {
  const { config, resources, log } = context;
  const kinds = eventKinds(process.env);
  const workflowBundle = await workflowCode(log);
  const client = await temporalClient(context);
  const database = resources.database();
  const store = createLedgerStore(database);
  const [events, cases] = [createEventLedgerStore(database), createRepairCaseStore(database)];
  const activities = {
    ...createMediatorLedger({ store }),
    ...createEventLedger({ store: events, cases, policy: repairPolicy }),
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
