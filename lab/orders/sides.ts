import type { Client } from '@temporalio/client';
import { placeOrder } from '../../app/place.ts';
import { loadOrderPolicy } from '../../config/order-policy.ts';
import { channels } from '../../contracts/channels.ts';
import { orderMediator } from '../../contracts/mediators/order-mediator.ts';
import { lanes, type OrderPolicy } from '../../contracts/mediators/order-policy.ts';
import { orderStart } from '../../contracts/mediators/order-start.ts';
import { bodyHash } from '../../contracts/schemas/initiating-events.ts';
import { firstActivityMs, startBare } from '../kit/bare/bare.ts';
import { labOrder } from '../lab-order.ts';
import type { LabShop } from '../open-shop.ts';

/** One way to take an order through its five steps. */
export interface Side {
  readonly name: string;
  /** Starts an order whose client waits: resolves with its workflow id, in the shop when the order id is known. */
  place(): Promise<string>;
  /** Starts an order as the queue does: resolves with its workflow id when Temporal has it. */
  queue(): Promise<string>;
  /** The milliseconds to the end of the first command, for a side whose `place` does not wait for it. */
  firstDoneMs?(workflowId: string, startedAt: number): Promise<number>;
}

/** The sides that are compared. */
export const sidesOf = ({ client, database }: Pick<LabShop, 'client' | 'database'>): readonly Side[] => [
  {
    name: 'bare',
    place: () => startBare(client),
    queue: () => startBare(client),
    firstDoneMs: (workflowId, startedAt) => firstActivityMs(client, workflowId, startedAt),
  },
  ...lanes.map((lane) => {
    const policy = { ...loadOrderPolicy({}), lane };
    return {
      name: lane === 'channels' ? 'channel' : lane,
      place: async () => (await placeOrder({ client, database, event: labOrder(), policy, deadlineMs })).workflowId,
      queue: () => queueOrder(client, policy),
    };
  }),
];

/** The client waits for an order id longer than any burst takes. */
const deadlineMs = 300_000;

/** Starts the mediator as for an event of the queue: no update asks for the order id. */
async function queueOrder(client: Client, policy: OrderPolicy): Promise<string> {
  const event = labOrder();
  const origin = { via: 'client', source: 'client', id: event.requestId } as const;
  const start = orderStart({ event, bodyHash: bodyHash(event), mediatorClass: 'hard', policy, origin });
  await client.workflow.start(orderMediator.workflowType, { taskQueue: channels.orderMediator, ...start });
  return start.workflowId;
}
