import type { Client } from '@temporalio/client';
import { Worker, type ReplayHistoriesIterable } from '@temporalio/worker';
import { pino } from 'pino';
import { quietenTheSdk } from './quieten-sdk.ts';
import { workflowCode } from '../../workers/workflow-code.ts';

/**
 * Replays the histories of these workflows, and of every other that ended in the client's namespace as far as visibility,
 * which lags, lists it: code that is not deterministic fails here, and so does having nothing to replay.
 */
export const replayEverything = (client: Client, workflowIds: Iterable<string>): Promise<void> =>
  replay(everyHistory(client, new Set(workflowIds)));

/** Replays the histories of just these workflows, for a server that cannot list them. */
export const replayWorkflows = (client: Client, workflowIds: Iterable<string>): Promise<void> =>
  replay(historiesOf(client, workflowIds));

async function replay(histories: ReplayHistoriesIterable): Promise<void> {
  quietenTheSdk();
  const workflowBundle = await workflowCode(pino({ level: 'silent' }));
  let replayed = 0;
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, histories)) {
    if (error) throw new Error(`${workflowId} does not replay: ${error.message}`, { cause: error });
    replayed += 1;
  }
  if (replayed === 0) throw new Error('No workflow was replayed: neither given nor listed was any.');
}

async function* historiesOf(client: Client, workflowIds: Iterable<string>): ReplayHistoriesIterable {
  for (const workflowId of workflowIds) {
    yield { workflowId, history: await client.workflow.getHandle(workflowId).fetchHistory() };
  }
}

async function* everyHistory(client: Client, workflowIds: ReadonlySet<string>): ReplayHistoriesIterable {
  yield* historiesOf(client, workflowIds);
  for await (const { workflowId, runId } of client.workflow.list({ query: `ExecutionStatus != 'Running'` })) {
    if (workflowIds.has(workflowId)) continue;
    yield { workflowId, history: await client.workflow.getHandle(workflowId, runId).fetchHistory() };
  }
}
