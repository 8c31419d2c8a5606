import type { Client } from '@temporalio/client';
import { seeInterrupt } from '../activities/mediator-store/compact-orders.ts';
import { createOrderRecords } from '../activities/mediator-store/order-records.ts';
import { createEventRecords } from '../activities/mediator-store/event-records.ts';
import { acknowledging } from '../activities/kit/acknowledge.ts';
import { repairPolicy } from '../config/repair-policy.ts';
import { channels } from '../contracts/channels.ts';
import { processorNames } from '../contracts/command-routes.ts';
import { orderWorkflowId } from '../contracts/ids.ts';
import type { CompactAnswer, CompactOrder } from '../contracts/mediators/compact.ts';
import type { SqlRunner } from '../prisma/statement.ts';
import type { StartComponent } from './component.ts';
import { assembled } from './processors.ts';
import { runWorker } from './run-worker.ts';

type Command = (command: never) => Promise<object>;
type NotDone = Extract<CompactAnswer<unknown>, { readonly notDone: string }>['notDone'];

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
  const release = async () => void (await Promise.all(parts.map((part) => part.release?.())));
  return runWorker({ name: 'compact', channel: channels.compact, activities, runsWorkflows: true, release }, context);
};

/** Looks, before a command is done, if it is to be done now. */
type Look = (order: CompactOrder) => Promise<NotDone | undefined>;

const compactCommands = (commands: Readonly<Record<string, Command>>, look: Look) =>
  Object.fromEntries(
    Object.entries(commands).map(([name, run]) => [
      name,
      async (command: never, order: CompactOrder): Promise<CompactAnswer<object>> => {
        const notDone = await look(order);
        return notDone ? { notDone } : { acknowledgement: await run(command) };
      },
    ]),
  );

/**
 * Looks in PostgreSQL for an action that is about to be sent, and at Temporal for its own cancel: neither reaches the
 * workflow before its task ends. Commands of a step begin together, and share a look.
 */
function createLook(on: SqlRunner, client: Client): Look {
  const looks = new Map<string, Promise<NotDone | undefined>>();
  const look = async ({ requestId }: CompactOrder): Promise<NotDone | undefined> => {
    const [[row], isCancelled] = await Promise.all([
      on.run(seeInterrupt(requestId)),
      isCancelRequested(client, requestId),
    ]);
    return row?.isInterrupted || isCancelled ? 'interrupted' : undefined;
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
