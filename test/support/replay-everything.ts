import type { Client } from '@temporalio/client';
import { DefaultLogger, Runtime, Worker, type ReplayHistoriesIterable } from '@temporalio/worker';
import { sharedWorkflowBundle } from './workflow-bundle.ts';

/** Replays the history of every workflow that ended in the client's namespace: code that is not deterministic fails here. */
export async function replayEverything(client: Client): Promise<void> {
  quietenTheSdk();
  const workflowBundle = await sharedWorkflowBundle();
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, historiesOf(client))) {
    if (error) throw new Error(`${workflowId} does not replay: ${error.message}`, { cause: error });
  }
}

async function* historiesOf(client: Client): ReplayHistoriesIterable {
  for await (const { workflowId, runId } of client.workflow.list({ query: `ExecutionStatus != 'Running'` })) {
    yield { workflowId, history: await client.workflow.getHandle(workflowId, runId).fetchHistory() };
  }
}

let quiet = false;

/** A replay worker would tell its whole life. */
function quietenTheSdk(): void {
  if (!quiet) Runtime.install({ logger: new DefaultLogger('WARN') });
  quiet = true;
}
