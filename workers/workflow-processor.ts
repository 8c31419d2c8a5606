import { createWorkflowProcessor } from '../activities/repair/processor.ts';
import { createResubmitter } from '../broker-bridge/dead-letter/resubmit.ts';
import { createMessageValidator } from '../broker-bridge/dead-letter/validate.ts';
import { createRing } from '../broker-bridge/intake/ring-bells.ts';
import { connectBroker } from '../broker-bridge/nats/connect.ts';
import { answeredInTime, sleep } from '../broker-bridge/waiting.ts';
import { natsAccess } from '../config/nats.ts';
import { repairPolicy } from '../config/repair-policy.ts';
import { channels } from '../contracts/channels.ts';
import { repairStart, workflowProcessor } from '../contracts/mediators/repair.ts';
import { runWorker } from './run-worker.ts';
import type { Client } from '@temporalio/client';
import { createRepairStore, type OpenCase, type RepairStore } from '../activities/repair/store.ts';
import { closing, workingBeside, type ComponentContext, type StartComponent } from './component.ts';
import { runningIds } from './schedules/reconciled-workflows.ts';
import { eventRegistry } from './resources.ts';

const name = 'workflow-processor';

/**
 * The worker that repairs dead letters and resubmits them. It also starts the workflows of cases that Temporal lost.
 */
export const startWorkflowProcessor: StartComponent = async (context) => {
  const { config, resources } = context;
  const registry = eventRegistry(process.env);
  const log = context.log.child({ part: name });
  const broker = await connectBroker({ ...natsAccess(config.nats, name), name, log });
  const database = resources.database(name);
  const store = createRepairStore(database);
  const activities = createWorkflowProcessor({
    store,
    validate: createMessageValidator(registry),
    resubmitter: createResubmitter(broker),
    ring: createRing(await resources.client()),
  });
  const plan = { name, channel: channels.workflowProcessor, activities, runsWorkflows: true };
  const worker = await runWorker(plan, context);
  return closing(
    workingBeside(worker, (signal) => resumeCases(store, context, signal)),
    broker.close,
  );
};

const pauseMs = 60_000;

/**
 * Starts the workflow of every open case that has none, at once and every minute until the signal is given. A Temporal
 * that came back empty has lost them all, and a process that recorded a case may have been killed before it started the
 * workflow. Never fails: an error is logged, and the next minute tries again.
 */
async function resumeCases(
  store: Pick<RepairStore, 'openCases'>,
  context: ComponentContext,
  signal: AbortSignal,
): Promise<void> {
  const { log } = context;
  for (let round = 1; !signal.aborted; round += 1) {
    try {
      const client = await context.resources.client();
      // Visibility lags, and a Temporal that has just come back may still list lost workflows: in the first round each
      // case is asked for.
      const running = round === 1 ? new Set<string>() : await runningIds(client, [workflowProcessor.workflowType]);
      await startAll(await store.openCases(), { client, running, log, signal });
    } catch (error) {
      log.warn({ error: String(error) }, 'open repair cases cannot be looked through now; trying again');
    }
    await sleep(pauseMs, signal);
  }
}

interface Starting {
  readonly client: Client;
  readonly running: ReadonlySet<string>;
  readonly log: ComponentContext['log'];
  readonly signal: AbortSignal;
}

/** A workflow that cannot be started does not stop the others; one that runs already is left as it is. */
async function startAll(cases: readonly OpenCase[], { client, running, log, signal }: Starting) {
  for (const { caseId, customerId } of cases) {
    const start = repairStart({ caseId, policy: repairPolicy }, customerId);
    if (signal.aborted) return;
    if (running.has(start.workflowId)) continue;
    const begin = () => client.workflow.start(workflowProcessor.workflowType, start);
    await answeredInTime(client, begin).catch((error: unknown) => {
      log.warn({ caseId, error: String(error) }, 'the workflow of a repair case was not started; trying again');
    });
  }
}
