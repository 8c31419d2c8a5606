import { createEventLedger } from '../activities/mediator-store/event-records.ts';
import { createReturnsLedger } from '../activities/mediator-store/return-records.ts';
import { repairPolicy } from '../config/repair-policy.ts';
import { channels } from '../contracts/channels.ts';
import { createEventLedgerStore } from '../activities/mediator-store/events.ts';
import { createRepairCaseStore } from '../activities/repair/cases.ts';
import { createReturnsStore } from '../activities/mediator-store/returns.ts';
import type { StartPart } from './part.ts';
import { runWorker } from './run-worker.ts';
import { workflowCode } from './workflow-code.ts';

/** The worker of the returns mediator: its workflows, its records and the rows of their events as local activities. */
export const start: StartPart = async (context) => {
  const database = context.resources.database();
  const workflowBundle = await workflowCode(context.log);
  const [events, cases] = [createEventLedgerStore(database), createRepairCaseStore(database)];
  const activities = {
    ...createReturnsLedger({ store: createReturnsStore(database) }),
    ...createEventLedger({ store: events, cases, policy: repairPolicy }),
  };
  return runWorker(
    { name: 'returns-mediator', channel: channels.returnsMediator, activities, workflowBundle },
    context,
  );
};
