import { createEventRecords } from '../activities/mediator-store/event-records.ts';
import { repairPolicy } from '../config/repair-policy.ts';
import { channels } from '../contracts/channels.ts';
import { createEventStore } from '../activities/mediator-store/events.ts';
import { createRepairCaseStore } from '../activities/repair/cases.ts';
import type { StartComponent } from './component.ts';
import { runWorker } from './run-worker.ts';
import { workflowCode } from './workflow-code.ts';

/** The worker of the customer mediator: its workflows, and the rows of their events as local activities. */
export const start: StartComponent = async (context) => {
  const database = context.resources.database();
  const workflowBundle = await workflowCode(context.log);
  const [store, cases] = [createEventStore(database), createRepairCaseStore(database)];
  const activities = createEventRecords({ store, cases, policy: repairPolicy });
  return runWorker(
    { name: 'customer-mediator', channel: channels.customerMediator, activities, workflowBundle },
    context,
  );
};
