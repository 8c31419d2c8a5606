import { createEventLedger } from '../activities/mediator-store/event-records.ts';
import { repairPolicy } from '../config/repair-policy.ts';
import { channels } from '../contracts/channels.ts';
import { createEventLedgerStore } from '../activities/mediator-store/events.ts';
import { createRepairCaseStore } from '../activities/repair/cases.ts';
import type { StartPart } from './part.ts';
import { runWorker } from './run-worker.ts';
import { workflowCode } from './workflow-code.ts';

/** The worker of the customer mediator: its workflows, and the rows of their events as local activities. */
export const start: StartPart = async (context) => {
  const database = context.resources.database();
  const workflowBundle = await workflowCode(context.log);
  const [store, cases] = [createEventLedgerStore(database), createRepairCaseStore(database)];
  const activities = createEventLedger({ store, cases, policy: repairPolicy });
  return runWorker(
    { name: 'customer-mediator', channel: channels.customerMediator, activities, workflowBundle },
    context,
  );
};
