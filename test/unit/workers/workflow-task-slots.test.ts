import type { SlotReserveContext } from '@temporalio/worker';
import { expect, it } from 'vitest';
import { createWorkflowTaskSlots } from '../../../workers/workflow-task-slots.ts';

const context = (isSticky: boolean): SlotReserveContext => ({
  slotType: 'workflow',
  taskQueue: 'order-mediator-queue',
  workerIdentity: 'order-mediator@1',
  workerBuildId: '',
  isSticky,
});

/** Slots, and what became of each request for one. */
function open(limit: number) {
  const slots = createWorkflowTaskSlots(limit);
  const reserve = async (isSticky: boolean, signal = new AbortController().signal) => {
    const came: { permit?: object; refused?: unknown } = {};
    Promise.resolve(slots.supplier.reserveSlot(context(isSticky), signal)).then(
      (permit) => (came.permit = permit),
      (refused: unknown) => (came.refused = refused),
    );
    await settled();
    return came;
  };
  return { ...slots, reserve };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const slotInfo = { type: 'workflow', workflowType: 'orderMediator', isSticky: false } as const;

it('no more slots are handed out than there are, and a released one goes to the poll that waits longest', async () => {
  const { supplier, reserve } = open(2);
  const [first, , third] = [await reserve(false), await reserve(true), await reserve(false)];
  expect(third).toEqual({});
  expect(supplier.tryReserveSlot(context(false))).toBeNull();
  supplier.releaseSlot({ permit: first.permit ?? {} });
  await settled();
  expect(third.permit).toBeDefined();
});

it('polls of one queue leave a slot to the other queue', async () => {
  const { reserve, polls } = open(3);
  const requests = [await reserve(false), await reserve(false), await reserve(false)];
  expect(requests.filter(({ permit }) => permit)).toHaveLength(2);
  await reserve(true);
  expect([polls('shared'), polls('sticky')]).toEqual([2, 1]);
});

it('closed, no poll begins any more, and what has a slot is counted until it is done', async () => {
  const { supplier, reserve, polls, running, close } = open(2);
  const poll = await reserve(true);
  close();
  expect(await reserve(false)).toEqual({});
  expect(supplier.tryReserveSlot(context(true))).toBeNull();
  expect([polls('sticky'), running()]).toEqual([1, 0]);
  supplier.markSlotUsed({ permit: poll.permit ?? {}, slotInfo });
  expect([polls('sticky'), running()]).toEqual([0, 1]);
  supplier.releaseSlot({ permit: poll.permit ?? {} });
  expect([polls('sticky'), running()]).toEqual([0, 0]);
});

it('a request that is given up is refused with its reason, and gets no slot later', async () => {
  const { supplier, reserve, polls } = open(2);
  const [shared] = [await reserve(false), await reserve(true)];
  const givenUp = new AbortController();
  const waiting = await reserve(false, givenUp.signal);
  givenUp.abort('no longer needed');
  await settled();
  expect(waiting).toEqual({ refused: 'no longer needed' });
  supplier.releaseSlot({ permit: shared.permit ?? {} });
  expect(polls('shared')).toBe(0);
});
