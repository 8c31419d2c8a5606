import type { Client } from '@temporalio/client';
import { repairPolicy } from '../config/repair-policy.ts';
import { sleep } from '../broker-bridge/waiting.ts';
import { repairStart, workflowProcessor } from '../contracts/mediators/repair.ts';
import type { OpenCase, RepairStepStore } from '../activities/repair/steps.ts';
import type { ComponentContext } from './component.ts';
import { runningIds } from './running-flows.ts';
import { temporalClient } from './temporal-client.ts';

/** Long enough for a Temporal that is up. */
const startWithinMs = 10_000;
const pauseMs = 60_000;

/**
 * Starts the workflow of every open case that has none, at once and every minute until the signal is given: a Temporal that came back empty knows of none of
 * them, and whoever wrote a case down may have been killed before it started the workflow. Never fails: trouble is logged, and tried again.
 */
export async function resumeCases(
  store: Pick<RepairStepStore, 'openCases'>,
  context: ComponentContext,
  signal: AbortSignal,
): Promise<void> {
  const { log } = context;
  for (let round = 1; !signal.aborted; round += 1) {
    try {
      const client = await temporalClient(context);
      // Visibility lags, and a Temporal that has just come back may show what it has lost: the first time each case is asked for.
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

/** One that cannot be started now keeps no other; one that runs already is left as it is. */
async function startAll(cases: readonly OpenCase[], { client, running, log, signal }: Starting) {
  for (const { caseId, customerId } of cases) {
    const start = repairStart({ caseId, policy: repairPolicy }, customerId);
    if (signal.aborted) return;
    if (running.has(start.workflowId)) continue;
    const begin = () => client.workflow.start(workflowProcessor.workflowType, start);
    await client.withDeadline(Date.now() + startWithinMs, begin).catch((error: unknown) => {
      log.warn({ caseId, error: String(error) }, 'the workflow of a repair case was not started; trying again');
    });
  }
}
