import type { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { sharedWorkflowBundle } from './workflow-bundle.ts';

/** Replays the history of every workflow that ran in the client's namespace: code that is not deterministic fails here. */
export async function replayEverything(client: Client): Promise<void> {
  const workflowBundle = await sharedWorkflowBundle();
  for await (const { workflowId, runId } of client.workflow.list({ pageSize: 200 })) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    await Worker.runReplayHistory({ workflowBundle }, history, workflowId);
  }
}
