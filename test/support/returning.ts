import { randomUUID } from 'node:crypto';
import { loadReturnPolicy } from '../../config/return-policy.ts';
import type { OrderOutcome } from '../../contracts/mediators/order-mediator.ts';
import type { OrderLine } from '../../contracts/place-order.ts';
import {
  returnsMediator,
  type ReturnActionName,
  type ReturnActions,
  type ReturnActionTaken,
  type ReturnOutcome,
  type ReturnProgress,
} from '../../contracts/mediators/returns-mediator.ts';
import type { ReturnRequested, ReturnState, ReturnPolicy } from '../../contracts/mediators/returns.ts';
import { startQueued } from './queued-event.ts';
import type { Shop } from './shop.ts';
import { until } from './until.ts';

/** One return that was requested, and what a test asks of it. */
export interface Returning {
  readonly requestId: string;
  readonly workflowId: string;
  act<Name extends ReturnActionName>(
    name: Name,
    input: Omit<ReturnActions[Name], 'actor'>,
    updateId?: string,
  ): Promise<ReturnActionTaken>;
  progress(): Promise<ReturnProgress>;
  /** Waits until it stands there, and its row too: the mediator writes that a moment later. */
  is(state: ReturnState): Promise<ReturnProgress>;
  end(): Promise<ReturnOutcome>;
}

/** What is asked to go back, and how long is waited for people. */
export interface Requesting {
  readonly order: Pick<OrderOutcome, 'orderId'>;
  readonly lines: readonly OrderLine[];
  readonly customerId?: string;
  readonly requestId?: string;
  readonly policy?: Partial<ReturnPolicy>;
}

/** Requests a return by a queued event. */
export async function requestReturn(shop: Shop, { order, lines, policy, ...who }: Requesting): Promise<Returning> {
  const { customerId = 'c-1', requestId = randomUUID() } = who;
  const body: ReturnRequested = { requestId, orderId: order.orderId, customerId, lines, reason: 'One too many.' };
  const policies = { return: { ...loadReturnPolicy({}), ...policy } };
  const { workflowId } = await startQueued(shop, 'return-requested', body, { policies });
  return returningOf(shop, requestId, workflowId);
}

function returningOf({ client, sql }: Shop, requestId: string, workflowId: string): Returning {
  const handle = () => client.workflow.getHandle(workflowId);
  const progress = () => handle().query<ReturnProgress>(returnsMediator.progressQuery);
  const stored = async () =>
    (await sql<{ state: string }>('SELECT state FROM returns.return WHERE request_id = $1', [requestId]))[0]?.state;
  return {
    requestId,
    workflowId,
    progress,
    act: (name, input, updateId = randomUUID()) =>
      handle().executeUpdate<ReturnActionTaken, [object]>(name, { args: [{ actor: 'Robin', ...input }], updateId }),
    async is(state) {
      const isThere = async () => (await progress()).state === state && (await stored()) === state;
      await until(isThere, {
        within: 30_000,
        what: `a return that is ${state}`,
      });
      return progress();
    },
    end: async () => (await handle().result()) as ReturnOutcome,
  };
}

/** Takes a return to its inspection. */
export async function sendBack(returning: Returning): Promise<void> {
  await returning.is('awaiting-approval');
  await returning.act('approve', {});
  await returning.act('parcel-received', {});
}
