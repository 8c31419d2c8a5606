import { randomUUID } from 'node:crypto';
import { WorkflowExecutionAlreadyStartedError, type Client, type WorkflowExecutionInfo } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { askWorkflow, sendUpdate } from '../../../app/ask-workflow.ts';
import { bulkWorkflowId } from '../../../contracts/ids.ts';
import {
  bulk,
  bulkStart,
  type BulkControlName,
  type BulkMemo,
  type BulkProgress,
  type BulkResults,
  type StartBulk,
} from '../../../contracts/mediators/bulk.ts';
import type { BulkListed } from '../api/orders.ts';
import { Failure } from '../failure.ts';

/** The time in which Temporal, and a worker behind it, must answer. */
const deadlineMs = 10_000;
const mostListed = 20;

/** The bulk actions as Temporal knows them. */
export type BulkWorkflows = ReturnType<typeof bulkWorkflows>;

export function bulkWorkflows(client: Client) {
  const soon = <T>(work: () => Promise<T>): Promise<T> => client.withDeadline(Date.now() + deadlineMs, work);
  const ask = <Answer>(id: string, name: string): Promise<Answer> =>
    soon(() => client.workflow.getHandle(bulkWorkflowId(id)).query<Answer>(name)).catch(failWhenGone);
  return {
    /** Refused when it was started before. */
    async start(start: StartBulk): Promise<void> {
      try {
        await soon(() => client.workflow.start(bulk.workflowType, bulkStart(start)));
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        throw new Failure('refused', 'It was begun already: look at how it goes.', { cause: error });
      }
    },
    progress: (id: string) => ask<BulkProgress>(id, bulk.progressQuery),
    results: (id: string) => ask<BulkResults>(id, bulk.reportQuery),
    /** Refused when it does not fit the state of the bulk action. */
    control: (id: string, name: BulkControlName, actor: string): Promise<BulkProgress> =>
      askWorkflow({
        client,
        deadlineMs,
        send: () =>
          sendUpdate(client, { workflowId: bulkWorkflowId(id), name, updateId: randomUUID(), action: { actor } }),
        outcome: `"${name}" was done`,
        mediator: { part: 'bulk', queue: bulk.channel },
        whenGone: async (cause) => gone(cause),
      }),
    /** The newest ones, those that run first. Temporal lists what it knows a moment late. */
    async list(): Promise<readonly BulkListed[]> {
      const query = `WorkflowType = '${bulk.workflowType}' AND ExecutionStatus != 'ContinuedAsNew'`;
      const listed: BulkListed[] = [];
      for await (const execution of client.workflow.list({ query, pageSize: mostListed })) {
        listed.push(listedOf(execution));
        if (listed.length === mostListed) break;
      }
      return listed;
    },
  };
}

function listedOf({ workflowId, memo, status, startTime }: WorkflowExecutionInfo): BulkListed {
  const known = memo as unknown as BulkMemo;
  const isEnded = known.state === 'stopped' || known.state === 'done';
  const state = status.name === 'RUNNING' || isEnded ? known.state : 'stopped'; // terminated
  const id = workflowId.slice(bulkWorkflowId('').length);
  return { ...known, state, id, startedAt: startTime.toISOString() };
}

function failWhenGone(error: unknown): never {
  throw error instanceof WorkflowNotFoundError ? gone(error) : error;
}

const gone = (cause: unknown): Failure =>
  new Failure('not-found', 'There is no such bulk action, it has ended, or it is long ago.', { cause });
