import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { createBulkActivities, type BulkPorts } from '../activities/bulk/act-on-order.ts';
import { actOnOrder } from '../app/act-on-order.ts';
import { AppError } from '../app/app-error.ts';
import { orderLines } from '../app/reads/order-table.ts';
import { channels } from '../contracts/channels.ts';
import { bulkPerSecond } from '../contracts/mediators/bulk.ts';
import type { Database } from '../prisma/database.ts';
import type { StartComponent } from './component.ts';
import { runWorker } from './run-worker.ts';

/** The worker of bulk actions: their workflows, and the activity that acts on one order. */
export const startBulk: StartComponent = async (context) => {
  const { resources } = context;
  const activities = createBulkActivities(bulkPorts(await resources.client(), resources.database('bulk')));
  const plan = { name: 'bulk', channel: channels.bulk, activities, runsWorkflows: true, queuePerSecond: bulkPerSecond };
  return runWorker(plan, context);
};

/** Shorter than the activity's own time limit, so that its fault is reported. */
const deadlineMs = 10_000;

/** A bulk action changes an order in the same way as a person at the desk does. */
const bulkPorts = (client: Client, database: Database): BulkPorts => ({
  isRepeat: () => Context.current().info.attempt > 1,
  async position(orderId) {
    const [line] = await orderLines(database, [orderId]);
    return line && { state: line.state, holdReason: line.holdReason };
  },
  async act({ orderId, updateId, name, action }) {
    try {
      await actOnOrder({ sources: { client, database }, orderId, name, action, updateId, deadlineMs });
      return null;
    } catch (error) {
      if (error instanceof AppError && !['not-known', 'unreachable'].includes(error.kind)) return error.message;
      throw error;
    }
  },
});
