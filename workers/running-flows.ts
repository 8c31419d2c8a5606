import { WorkflowNotFoundError, type Client } from '@temporalio/client';

/** The ids of all workflows of these types that run, as visibility lists them: it lags. */
export async function runningIds(client: Client, workflowTypes: readonly string[]): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  const types = workflowTypes.map((type) => `'${type}'`).join(', ');
  const query = `WorkflowType IN (${types}) AND ExecutionStatus = 'Running'`;
  for await (const { workflowId } of client.workflow.list({ query, pageSize: 1000 })) ids.add(workflowId);
  return ids;
}

/** Whether this one runs, for certain. */
export async function isRunning(client: Client, workflowId: string): Promise<boolean> {
  try {
    return (await client.workflow.getHandle(workflowId).describe()).status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
