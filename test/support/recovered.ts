import { reconciler, type Reconciled } from '../../contracts/mediators/reconciler.ts';
import type { Shop } from './shop.ts';
import { until } from './until.ts';

/** The environment of workers that look for lost workflows every second. */
export const reconcileEverySecond = { RECONCILE_EVERY_SECONDS: '1' } as const;

/** Terminates the workflow of a queued event as if it had been started a while ago, and waits until the reconciler has started it again. */
export async function terminateAndWait(shop: Pick<Shop, 'client' | 'sql'>, workflowId: string): Promise<void> {
  const { runId } = await terminate(shop, workflowId);
  const runsAgain = async () => (await shop.client.workflow.getHandle(workflowId).describe()).runId !== runId;
  await until(runsAgain, { within: 60_000, what: `${workflowId} to be started again` });
}

async function terminate({ client, sql }: Pick<Shop, 'client' | 'sql'>, workflowId: string) {
  const handle = client.workflow.getHandle(workflowId);
  const { runId } = await handle.describe();
  await handle.terminate('somebody pressed the wrong button');
  await startedLongAgo({ sql }, workflowId);
  return { runId };
}

/** Younger ones are left to those who have just started them. */
export async function startedLongAgo({ sql }: Pick<Shop, 'sql'>, workflowId: string): Promise<void> {
  await sql(
    `UPDATE mediator_store.initiating_event SET state = 'started', started_at = now() - interval '5 minutes', rung_at = now() - interval '5 minutes'
     WHERE workflow_id = $1 AND state IN ('received', 'started')`,
    [workflowId],
  );
}

/** Every report of the reconciler so far. */
export async function reports({ client }: Pick<Shop, 'client'>): Promise<readonly Reconciled[]> {
  const found: Reconciled[] = [];
  const query = `WorkflowType = '${reconciler.workflowType}' AND ExecutionStatus = 'Completed'`;
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    found.push((await client.workflow.getHandle(workflowId, runId).result()) as Reconciled);
  }
  return found;
}

/** Resolves when a report says so. */
export async function isReported(shop: Pick<Shop, 'client'>, says: (report: Reconciled) => boolean): Promise<void> {
  await until(async () => (await reports(shop)).some(says), { within: 30_000, what: 'the report of the reconciler' });
}
