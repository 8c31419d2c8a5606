import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { orderMediator } from '../../contracts/mediators/order-mediator.ts';
import { bool, text } from '../../prisma/codec.ts';
import { sql } from '../../prisma/sql.ts';
import { statement, type SqlRunner } from '../../prisma/statement.ts';

/** An order whose workflow and whose row in the mediator store are not, or may not be, of the same moment. */
export interface OrderWorkflow {
  readonly orderId: string;
  readonly workflowId: string;
  /**
   * Of an order that has not ended: `missing`, no workflow runs; `completed`, its workflow has; `running`, it ran, and
   * was ended here. `finished`: the order has ended, and a workflow of it ran, and was ended here. `unknown`: the
   * mediator store has no such order; a workflow that ran was ended here.
   */
  readonly is: 'missing' | 'completed' | 'running' | 'finished' | 'unknown';
}

/**
 * Ends every workflow of an order that has its order id: it may believe in effects that the database has lost, or not
 * know of those that it has. The reconciler starts those of unfinished orders anew, from the mediator store and the
 * processors' stored answers. Resolves with these, the unfinished orders without a running workflow, and all orders
 * that Temporal knows and the mediator store does not.
 */
export async function endWorkflows(client: Client, on: SqlRunner): Promise<readonly OrderWorkflow[]> {
  const unfinished: OrderWorkflow[] = [];
  for (const { orderId, workflowId } of await on.run(unfinishedFlows())) {
    const status = await statusOf(client, workflowId);
    if (status === 'RUNNING') await end(client, workflowId);
    const is = status === 'RUNNING' ? 'running' : status === 'COMPLETED' ? 'completed' : 'missing';
    unfinished.push({ orderId, workflowId, is });
  }
  return [...unfinished, ...(await endOthers(client, on))];
}

async function statusOf(client: Client, workflowId: string) {
  try {
    return (await client.workflow.getHandle(workflowId).describe()).status.name;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

const end = (client: Client, workflowId: string) =>
  client.workflow.getHandle(workflowId).terminate('The shop was restored from backups: npm run restore-check.');

/**
 * Those of orders that have ended, or that the store does not know. One without an order id has not opened its row yet.
 */
async function endOthers(client: Client, on: SqlRunner): Promise<readonly OrderWorkflow[]> {
  const found: OrderWorkflow[] = [];
  const query = `WorkflowType = '${orderMediator.workflowType}' AND ExecutionStatus != 'Failed'`;
  for await (const { workflowId, status, searchAttributes } of client.workflow.list({ query })) {
    const orderId: unknown = searchAttributes['OrderId']?.[0];
    if (typeof orderId !== 'string') continue;
    const [row] = await on.run(flowOf(orderId));
    const isRunning = status.name === 'RUNNING';
    if (row && !(row.isFinished && isRunning)) continue;
    if (isRunning) await end(client, workflowId);
    found.push({ orderId, workflowId, is: row ? 'finished' : 'unknown' });
  }
  return found;
}

export const unfinishedFlows = statement(
  'app.unfinished-flows',
  { orderId: text, workflowId: text },
  () => sql`
    SELECT order_id AS "orderId", workflow_id AS "workflowId" FROM mediator_store.flow WHERE finished_at IS NULL
    ORDER BY received_at, request_id`,
);

export const flowOf = statement(
  'app.flow-of',
  { isFinished: bool },
  (orderId: string) =>
    sql`SELECT finished_at IS NOT NULL AS "isFinished" FROM mediator_store.flow WHERE order_id = ${orderId}`,
);
