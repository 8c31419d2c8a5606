import type { Client } from '@temporalio/client';
import { seeObstacles } from '../activities/mediator-store/compact-orders.ts';
import { createOrderRecords } from '../activities/mediator-store/order-records.ts';
import { createEventRecords } from '../activities/mediator-store/event-records.ts';
import { temporalActivity } from '../activities/kit/activity-context.ts';
import { acknowledging } from '../activities/kit/acknowledge.ts';
import { repairPolicy } from '../config/repair-policy.ts';
import { channels, type Channel } from '../contracts/channels.ts';
import { commandRoutes, processorNames } from '../contracts/command-routes.ts';
import { createOrderRequestId, orderWorkflowId } from '../contracts/ids.ts';
import {
  longestCompactMs,
  type CompactCommand,
  type CompactStep,
  type CompactSteps,
} from '../contracts/mediators/compact.ts';
import type { OrderRecords } from '../contracts/mediators/order-records.ts';
import { createOrderCommand } from '../contracts/order-placement.ts';
import type { SqlRunner } from '../prisma/statement.ts';
import type { StartComponent } from './component.ts';
import { assembled } from './processors.ts';
import { runWorker } from './run-worker.ts';

/**
 * The worker of the compact lane: the order mediator and every processor in one process (docs/adr/0031). A step is one
 * local activity, the first one with the opening of the row; the mediator's own records between the first and the last
 * are activities of its queue.
 */
export const startCompact: StartComponent = async (context) => {
  const { resources } = context;
  const client = await resources.client();
  const database = resources.database('order-mediator');
  const parts = processorNames.map((name) => assembled(name, context));
  const methods = Object.assign({}, ...parts.map(({ processor }) => acknowledging(processor))) as Methods;
  const records = createOrderRecords(database);
  const steps = createCompactSteps(methods, createLook(database, client));
  const activities = {
    ...records,
    receiveOrder: receiveAndCreate(records, steps),
    ...createEventRecords(database, repairPolicy),
    ...steps,
  };
  const release = async () => {
    for (const part of parts) await part.release?.();
  };
  return runWorker({ name: 'compact', channel: channels.compact, activities, runsWorkflows: true, release }, context);
};

/** The processors' methods, by the names of the routes. */
type Methods = Readonly<Record<string, (command: object) => Promise<object>>>;

/** Looks, before a step is done, if it is to be done now. */
type Look = (step: CompactStep) => Promise<Obstacles>;

interface Obstacles {
  /** True when an action, or a cancel of Temporal's own, waits for the order's mediator to hear it. */
  readonly isInterrupted: boolean;
  /** The channels whose brake is on. */
  readonly braked: readonly Channel[];
}

const createCompactSteps = (methods: Methods, look: Look): CompactSteps => ({
  async performStep(step) {
    const { isInterrupted, braked } = await look(step);
    // A look may hang until the step was given up: its commands are the channels' then.
    if (temporalActivity().cancellation.aborted) throw new Error(`Step ${step.step} was given up before it began.`);
    const perform = async ({ name, command }: CompactCommand): Promise<object | null> => {
      const { channel, activity } = commandRoutes[name];
      const isHeldUp = isInterrupted || braked.includes(channel);
      return isHeldUp ? null : inTime((methods[activity] as Methods[string])(command));
    };
    return { acknowledgements: await Promise.all(step.commands.map(perform)), isInterrupted };
  },
});

/**
 * Opens the row of an order and, the first time, does its step 1 as well, so that both are one local activity, with one
 * time limit. A repeat finds the row, and the order goes on over the channels.
 */
const receiveAndCreate =
  ({ receiveOrder }: OrderRecords, { performStep }: CompactSteps): OrderRecords['receiveOrder'] =>
  async (entry) => {
    const stored = await receiveOrder(entry);
    if (stored.finished || stored.recovered) return stored;
    const { event } = entry;
    const ids = { orderId: stored.orderId, requestId: createOrderRequestId(event.requestId) };
    const commands = [{ name: 'create-order', command: createOrderCommand(event, ids) }] as const;
    return { ...stored, firstStep: await performStep({ requestId: event.requestId, step: 1, commands }) };
  };

/** Null when the command was refused, failed, or takes too long: it is called again over its channel. */
function inTime(called: Promise<object>): Promise<object | null> {
  return new Promise((answer) => {
    const tooLate = setTimeout(answer, longestCompactMs, null);
    void called.then(answer, () => answer(null)).finally(() => clearTimeout(tooLate));
  });
}

/**
 * Looks in PostgreSQL, and at Temporal for its own cancel: neither that nor an action reaches the workflow before its
 * task ends. A cancel from before the first step came with the task, or is heard before the second.
 */
const createLook =
  (on: SqlRunner, client: Client): Look =>
  async ({ requestId, step }) => {
    const [[seen], isCancelled] = await Promise.all([
      on.run(seeObstacles(requestId)),
      step > 1 && isCancelRequested(client, requestId),
    ]);
    return { braked: seen?.braked ?? [], isInterrupted: isCancelled || seen?.isInterrupted === true };
  };

async function isCancelRequested(client: Client, requestId: string): Promise<boolean> {
  const execution = { workflowId: orderWorkflowId(requestId) };
  const { namespace } = client.options;
  const answer = await client.workflowService.describeWorkflowExecution({ namespace, execution });
  return answer.workflowExtendedInfo?.cancelRequested === true;
}
