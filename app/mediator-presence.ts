import type { Client } from '@temporalio/client';
import { channels } from '../contracts/channels.ts';

/** A poll waits up to a minute on the server. A worker that has not polled for longer is gone. */
const silentAfterMs = 75_000;

/** The worker that should answer, and the queue that it takes tasks from. */
export interface Mediator {
  readonly part: string;
  readonly queue: string;
}

/** The worker of the compact lane, where an order's lane says so. */
export const compactMediator: Mediator = { part: 'compact', queue: channels.compact };

const ofOrders: Mediator = { part: 'order-mediator', queue: channels.orderMediator };

/**
 * One sentence that says if a worker of the mediator is there, or what to start. Never throws: it explains another
 * failure.
 */
export async function mediatorPresence(client: Client, { part, queue }: Mediator = ofOrders): Promise<string> {
  try {
    const lastHeardMs = await lastHeard(client, queue);
    if (lastHeardMs !== undefined && lastHeardMs < silentAfterMs) {
      return `A mediator worker asked for work on ${queue} ${Math.round(lastHeardMs / 1000)} s ago, so it may still be under way, or a processor may be down.`;
    }
    return `No mediator worker asks for work on ${queue}: start everything with "npm start", or one with "npm run worker -- ${part}".`;
  } catch {
    return 'Temporal did not answer when asked for its workers either: see that everything runs ("npm start").';
  }
}

/** The milliseconds since a worker last asked for workflow tasks on the queue. */
async function lastHeard(client: Client, queue: string): Promise<number | undefined> {
  const { pollers } = await client.withDeadline(Date.now() + 2000, () =>
    client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: queue },
      // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- 1 is workflow tasks; the enum is in a package
      // of its own
      taskQueueType: 1,
    }),
  );
  const instants = (pollers ?? []).map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000);
  return instants.length > 0 ? Math.max(0, Date.now() - Math.max(...instants)) : undefined;
}
