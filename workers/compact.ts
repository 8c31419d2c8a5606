import type { Client } from '@temporalio/client';
import { seeObstacles } from '../activities/mediator-store/compact-orders.ts';
import { createOrderRecords } from '../activities/mediator-store/order-records.ts';
import { createEventRecords } from '../activities/mediator-store/event-records.ts';
import { temporalActivity } from '../activities/kit/activity-context.ts';
import { acknowledging } from '../activities/kit/acknowledge.ts';
import { repairPolicy } from '../config/repair-policy.ts';
import { channels, type Channel } from '../contracts/channels.ts';
import { commandRoutes, processorNames } from '../contracts/command-routes.ts';
import { orderWorkflowId } from '../contracts/ids.ts';
import type { CompactAnswer, CompactOrder } from '../contracts/mediators/compact.ts';
import type { SqlRunner } from '../prisma/statement.ts';
import type { StartComponent } from './component.ts';
import { assembled } from './processors.ts';
import { runWorker } from './run-worker.ts';

type Command = (command: never) => Promise<object>;

/**
 * The worker of the compact lane: the order mediator and every processor in one process (docs/adr/0031). Its commands
 * are local activities; the mediator's own records between the first and the last are activities of its queue.
 */
export const startCompact: StartComponent = async (context) => {
  const { resources } = context;
  const client = await resources.client();
  const database = resources.database('order-mediator');
  const parts = processorNames.map((name) => assembled(name, context));
  const commands = Object.assign({}, ...parts.map(({ processor }) => acknowledging(processor))) as Record<
    string,
    Command
  >;
  const activities = {
    ...createOrderRecords(database),
    ...createEventRecords(database, repairPolicy),
    ...compactCommands(commands, createLook(database, client)),
  };
  const release = async () => {
    for (const part of parts) await part.release?.();
  };
  return runWorker({ name: 'compact', channel: channels.compact, activities, runsWorkflows: true, release }, context);
};

/** Looks, before a command is done, if it is to be done now. */
type Look = (order: CompactOrder) => Promise<Obstacles>;

interface Obstacles {
  /** True when an action, or a cancel of Temporal's own, waits for the order's mediator to hear it. */
  readonly isInterrupted: boolean;
  /** The channels whose brake is on. */
  readonly braked: readonly Channel[];
}

const channelOf = (activity: string): Channel | undefined =>
  Object.values(commandRoutes).find((route) => route.activity === activity)?.channel;

const compactCommands = (commands: Readonly<Record<string, Command>>, look: Look) =>
  Object.fromEntries(
    Object.entries(commands).map(([name, run]) => {
      const channel = channelOf(name);
      const compact = async (command: never, order: CompactOrder): Promise<CompactAnswer<object>> => {
        const { isInterrupted, braked } = await look(order);
        if (isInterrupted) return { notDone: 'interrupted' };
        if (channel && braked.includes(channel)) return { notDone: 'braked' };
        // A look may hang until its call was given up: the command is the channel's then.
        if (temporalActivity().cancellation.aborted) throw new Error(`${name} was given up before it began.`);
        return { acknowledgement: await run(command) };
      };
      return [name, compact];
    }),
  );

/**
 * Looks in PostgreSQL, and at Temporal for its own cancel: neither that nor an action reaches the workflow before its
 * task ends. Commands of a step begin together, and share a look.
 */
function createLook(on: SqlRunner, client: Client): Look {
  const looks = new Map<string, Promise<Obstacles>>();
  const look = async ({ requestId }: CompactOrder): Promise<Obstacles> => {
    const [[seen], isCancelled] = await Promise.all([
      on.run(seeObstacles(requestId)),
      isCancelRequested(client, requestId),
    ]);
    return { braked: seen?.braked ?? [], isInterrupted: isCancelled || seen?.isInterrupted === true };
  };
  return (order) => {
    const shared = looks.get(order.requestId) ?? look(order).finally(() => looks.delete(order.requestId));
    looks.set(order.requestId, shared);
    return shared;
  };
}

async function isCancelRequested(client: Client, requestId: string): Promise<boolean> {
  const execution = { workflowId: orderWorkflowId(requestId) };
  const { namespace } = client.options;
  const answer = await client.workflowService.describeWorkflowExecution({ namespace, execution });
  return answer.workflowExtendedInfo?.cancelRequested === true;
}
