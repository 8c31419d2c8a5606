import { createCustomerRecords } from '../activities/mediator-store/customer-records.ts';
import { createEventRecords } from '../activities/mediator-store/event-records.ts';
import { createOrderRecords } from '../activities/mediator-store/order-records.ts';
import { createReturnRecords } from '../activities/mediator-store/return-records.ts';
import { createPruning } from '../activities/pruning/processor.ts';
import { createReconciler } from '../activities/reconciler/processor.ts';
import { createWarehouseStore } from '../activities/warehouse/store.ts';
import { createRepairCaseStore } from '../activities/repair/case-store.ts';
import { createDeadLetters } from '../broker-bridge/dead-letter/dead-letters.ts';
import { createRing } from '../broker-bridge/intake/ring-bells.ts';
import { repairPolicy } from '../config/repair-policy.ts';
import { channels } from '../contracts/channels.ts';
import type { Database } from '../prisma/database.ts';
import { workingBeside, type StartComponent } from './component.ts';
import { createEventReader } from './delegated-events.ts';
import { keepBrakesAligned } from './schedules/aligned-brakes.ts';
import { keepPruningScheduled } from './schedules/pruning-schedule.ts';
import { createEventFlows, createOrderFlows, createReplenishmentFlows } from './schedules/reconciled-workflows.ts';
import { keepReconcilerScheduled } from './schedules/reconciler-schedule.ts';
import { eventRegistry } from './resources.ts';
import { runWorker } from './run-worker.ts';

/** The rows of queued events: every mediator closes its own. */
const eventRecords = (database: Database) => createEventRecords(database, repairPolicy);

/** The order mediator's worker also runs the reconciler, keeps its Schedule, and tells Temporal lost brakes again. */
const startOrderMediator: StartComponent = async (context) => {
  const { config, resources, log } = context;
  const client = await resources.client();
  const database = resources.database('order-mediator');
  const readOnly = resources.database('reconciler');
  const activities = {
    ...createOrderRecords(database),
    ...eventRecords(database),
    ...createReconciler({
      database: readOnly,
      orders: createOrderFlows(client),
      events: createEventFlows(client, eventRegistry(process.env)),
      ring: createRing(client),
      replenishments: createReplenishmentFlows(client),
      openPurchaseOrders: createWarehouseStore(readOnly).openPurchaseOrders,
    }),
  };
  const plan = { name: 'order-mediator', channel: channels.orderMediator, activities, runsWorkflows: true };
  const schedule = { client, everySeconds: config.reconcileEverySeconds, log };
  return workingBeside(await runWorker(plan, context), async (signal) => {
    await Promise.all([
      keepReconcilerScheduled(schedule, signal),
      keepBrakesAligned({ database: readOnly, client }, log, signal),
    ]);
  });
};

const startCustomerMediator: StartComponent = async (context) => {
  const { resources, log } = context;
  const client = await resources.client();
  const database = resources.database('customer-mediator');
  const cases = createRepairCaseStore(database);
  const deadLetters = createDeadLetters({ client, cases, policy: repairPolicy, log });
  const read = createEventReader(client, eventRegistry(process.env));
  const activities = createCustomerRecords({ database, read, handOver: deadLetters.send });
  const plan = { name: 'customer-mediator', channel: channels.customerMediator, activities, runsWorkflows: true };
  return runWorker(plan, context);
};

/** The returns mediator's worker, which is seldom busy, also runs the pruning, and keeps its Schedule. */
const startReturnsMediator: StartComponent = async (context) => {
  const { config, resources, log } = context;
  const client = await resources.client();
  const database = resources.database('returns-mediator');
  const activities = {
    ...createReturnRecords(database),
    ...eventRecords(database),
    ...createPruning({ database: resources.database('pruning'), ages: config.pruning.ages }),
  };
  const plan = { name: 'returns-mediator', channel: channels.returnsMediator, activities, runsWorkflows: true };
  const schedule = { client, at: config.pruning.at, log };
  return workingBeside(await runWorker(plan, context), (signal) => keepPruningScheduled(schedule, signal));
};

/** The start of each mediator's worker: its workflows, and the activities that write its records. */
export const mediators = {
  'order-mediator': startOrderMediator,
  'customer-mediator': startCustomerMediator,
  'returns-mediator': startReturnsMediator,
} as const;
