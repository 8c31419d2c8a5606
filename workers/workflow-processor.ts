import { createWorkflowProcessor } from '../activities/repair/processor.ts';
import { createMessageValidator } from '../broker-bridge/dead-letter/validate.ts';
import { connectBroker } from '../broker-bridge/nats/connect.ts';
import { createResubmitter } from '../broker-bridge/dead-letter/resubmit.ts';
import { channels } from '../contracts/channels.ts';
import { createRepairReturnStore } from '../activities/repair/returns.ts';
import { createRepairStepStore } from '../activities/repair/steps.ts';
import { eventRegistry } from './event-registry.ts';
import type { StartComponent } from './component.ts';
import { releasingAfter } from './releasing-after.ts';
import { resumeCases } from './resume-cases.ts';
import { runWorker } from './run-worker.ts';
import { workflowCode } from './workflow-code.ts';

const name = 'workflow-processor';

/** The workflow processor's worker: repairs erroneous events and sends them back; also cases that Temporal lost. */
export const start: StartComponent = async (context) => {
  const { config, resources, log } = context;
  const kinds = eventRegistry(process.env);
  const part = log.child({ part: name });
  const workflowBundle = await workflowCode(log);
  const broker = await connectBroker({ url: config.natsUrl, creds: config.natsCreds, name, log: part });
  const database = resources.database();
  const store = createRepairStepStore(database);
  const activities = createWorkflowProcessor({
    store,
    judge: createMessageValidator(kinds),
    returns: createRepairReturnStore(database),
    wayBack: createResubmitter(broker),
  });
  const worker = await runWorker({ name, channel: channels.workflowProcessor, activities, workflowBundle }, context);
  const stopping = new AbortController();
  const resuming = resumeCases(store, context, stopping.signal);
  const stop = async (): Promise<void> => {
    stopping.abort();
    await Promise.all([worker.stop(), resuming]);
  };
  const stopped = worker.stopped.finally(() => stopping.abort());
  return releasingAfter({ ...worker, stopped, stop }, broker.close);
};
