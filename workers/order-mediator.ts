import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { createMediatorLedger } from '../activities/ledger.ts';
import { channels } from '../contracts/channels.ts';
import { createLedgerStore } from '../prisma/stores/ledger.ts';
import type { StartPart } from './part.ts';
import { runWorker } from './run-worker.ts';
import { temporalLogger } from './log.ts';

const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));

/** The mediators' worker: the workflows, and the ledger as local activities. */
export const start: StartPart = async (context) => {
  const logger = temporalLogger(context.log.child({}, { level: 'warn' }));
  const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger });
  const activities = createMediatorLedger({ store: createLedgerStore(context.resources.database()) });
  const plan = { name: 'order-mediator', channel: channels.orderMediator, activities, workflowBundle };
  return runWorker(plan, context);
};
