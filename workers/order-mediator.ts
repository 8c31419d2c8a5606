import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { createMediatorLedger } from '../activities/ledger.ts';
import { channels } from '../contracts/channels.ts';
import { openDatabase } from '../prisma/database.ts';
import { createLedgerStore } from '../prisma/stores/ledger.ts';
import type { StartPart } from './part.ts';
import { runWorker } from './run-worker.ts';
import { temporalLogger } from './log.ts';

const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));

/** The mediators' worker: the workflows, and the ledger as local activities. */
export const start: StartPart = async (context) => {
  const database = openDatabase(context.config.databaseUrl);
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath,
    logger: temporalLogger(context.log.child({}, { level: 'warn' })),
  });
  const activities = createMediatorLedger({ store: createLedgerStore(database) });
  const plan = { name: 'order-mediator', channel: channels.orderMediator, activities, workflowBundle };
  return runWorker({ ...plan, release: database.close }, context);
};
