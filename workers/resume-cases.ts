import { repairPolicy } from '../config/repair-policy.ts';
import { repairStart, workflowProcessor } from '../contracts/repair.ts';
import type { RepairStepStore } from '../prisma/stores/repair-steps.ts';
import type { PartContext } from './part.ts';
import { temporalClient } from './temporal-client.ts';

/** Long enough for a Temporal that is up; one that is not is asked again when a workflow processor starts the next time. */
const startWithinMs = 10_000;

/**
 * Starts the workflow of every open case that has none: a Temporal that came back empty knows of none of them, and whoever wrote a case down may have
 * been killed before it started the workflow. Never fails: trouble is logged. Begins no further one once `signal` is given.
 */
export async function resumeCases(
  store: Pick<RepairStepStore, 'openCases'>,
  context: PartContext,
  signal: AbortSignal,
): Promise<void> {
  const { log } = context;
  try {
    const client = await temporalClient(context);
    for (const { caseId } of await store.openCases()) {
      if (signal.aborted) return;
      const start = repairStart({ caseId, policy: repairPolicy });
      await client.withDeadline(Date.now() + startWithinMs, () =>
        client.workflow.start(workflowProcessor.workflowType, start),
      );
    }
  } catch (error) {
    log.error({ error: String(error) }, 'open repair cases were not looked through; start a workflow processor again');
  }
}
