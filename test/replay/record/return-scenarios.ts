import { randomUUID } from 'node:crypto';
import { loadReturnPolicy } from '../../../config/return-policy.ts';
import type { PlaceOrder } from '../../../contracts/place-order.ts';
import {
  returnsMediator,
  type ReturnActionName,
  type ReturnActions,
  type ReturnProgress,
} from '../../../contracts/mediators/returns-mediator.ts';
import { startedLongAgo } from '../../support/recovered.ts';
import { until } from '../../support/until.ts';
import type { Stage } from './stage.ts';
import type { ReturnState, ReturnPolicy } from '../../../contracts/mediators/returns.ts';
const isbn = '9780134685991';
const actor = 'Robin';
const short = { deadline: '4 seconds', reminders: ['1 second', '2 seconds'] } as const;

/** Orders two pieces, and asks for some of them to go back when they were delivered; says which workflow the return is. */
const returned =
  (
    order: Omit<PlaceOrder, 'requestId'>,
    happen: (stage: Stage, workflowId: string) => Promise<void> = () => Promise.resolve(),
    { quantity = 1, policy = {} }: { readonly quantity?: number; readonly policy?: Partial<ReturnPolicy> } = {},
  ) =>
  async (stage: Stage): Promise<string> => {
    const placed = await stage.place(order);
    await stage.client.workflow.getHandle(placed.workflowId).result();
    const { orderId } = placed;
    const { customerId } = order;
    const lines = [{ isbn, quantity }];
    const body = { requestId: randomUUID(), orderId, customerId, lines, reason: 'One too many.' };
    const policies = { return: { ...loadReturnPolicy({}), ...policy } };
    const workflowId = await stage.queue('return-requested', body, policies);
    await happen(stage, workflowId);
    return workflowId;
  };

async function isIn({ client }: Stage, workflowId: string, state: ReturnState): Promise<void> {
  const query = () => client.workflow.getHandle(workflowId).query<ReturnProgress>(returnsMediator.progressQuery);
  await until(async () => (await query()).state === state, { within: 60_000, what: state });
}

const act = async <Name extends ReturnActionName>(
  { client }: Stage,
  workflowId: string,
  name: Name,
  input: ReturnActions[Name],
): Promise<void> => void (await client.workflow.getHandle(workflowId).executeUpdate(name, { args: [input] }));

async function sentBack(stage: Stage, workflowId: string): Promise<void> {
  await isIn(stage, workflowId, 'awaiting-approval');
  await act(stage, workflowId, 'approve', { actor });
  await act(stage, workflowId, 'parcel-received', { actor });
  await act(stage, workflowId, 'inspect', { actor, lines: [{ isbn, accepted: 1, sellable: 1 }] });
}

/** Every scenario of the returns mediator, of an order of two pieces. */
export const returnScenarios = (order: Omit<PlaceOrder, 'requestId'>) => ({
  'return-completed': returned(order, sentBack),
  'return-refused': returned(order, undefined, { quantity: 3 }),
  'return-declined': returned(order, async (stage, workflowId) => {
    await isIn(stage, workflowId, 'awaiting-approval');
    await act(stage, workflowId, 'decline', { actor, reason: 'It was a gift.' });
  }),
  'return-declined-at-deadline': returned(order, undefined, { policy: { approval: short } }),
  'return-lapsed': returned(
    order,
    async (stage, workflowId) => {
      await isIn(stage, workflowId, 'awaiting-approval');
      await act(stage, workflowId, 'approve', { actor });
    },
    { policy: { parcel: short } },
  ),
  'return-recovered': returned(order, async (stage, workflowId) => {
    await isIn(stage, workflowId, 'awaiting-approval');
    await act(stage, workflowId, 'approve', { actor });
    const handle = stage.client.workflow.getHandle(workflowId);
    await handle.terminate();
    await startedLongAgo(stage, workflowId);
    const isBack = async () => (await handle.describe()).status.name === 'RUNNING';
    await until(isBack, { within: 90_000, what: 'the return to run again' });
    await isIn(stage, workflowId, 'awaiting-parcel');
    await act(stage, workflowId, 'parcel-received', { actor });
    await act(stage, workflowId, 'inspect', { actor, lines: [{ isbn, accepted: 1, sellable: 1 }] });
  }),
  'return-completed-after-faults': returned(
    order,
    async (stage, workflowId) => {
      const letGo = await stage.hold('payment.return_refund');
      await sentBack(stage, workflowId);
      const query = () =>
        stage.client.workflow.getHandle(workflowId).query<ReturnProgress>(returnsMediator.progressQuery);
      await until(async () => (await query()).trouble !== null, { within: 60_000, what: 'trouble that shows' });
      await letGo();
    },
    { policy: { retryFor: '2 seconds' } },
  ),
});
