import { createEventRecords } from '../activities/mediator-store/event-records.ts';
import { createReturnRecords } from '../activities/mediator-store/return-records.ts';
import { repairPolicy } from '../config/repair-policy.ts';
import { channels } from '../contracts/channels.ts';
import { createEventStore } from '../activities/mediator-store/events.ts';
import { createRepairCaseStore } from '../activities/repair/cases.ts';
import { createReturnsStore } from '../activities/mediator-store/returns.ts';
import type { StartComponent } from './component.ts';
import { runWorker } from './run-worker.ts';
import { workflowCode } from './workflow-code.ts';

/** The worker of the returns mediator: its workflows, its records and the rows of their events as local activities. */
export const start: StartComponent = async (context) => {
  const database = context.resources.database();
  const workflowBundle = await workflowCode(context.log);
  const [events, cases] = [createEventStore(database), createRepairCaseStore(database)];
  const activities = {
    ...createReturnRecords({ store: createReturnsStore(database) }),
    ...createEventRecords({ store: events, cases, policy: repairPolicy }),
  };
  return runWorker(
    { name: 'returns-mediator', channel: channels.returnsMediator, activities, workflowBundle },
    context,
  );
};
