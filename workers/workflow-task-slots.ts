import type { CustomSlotSupplier, SlotPermit, WorkflowSlotInfo } from '@temporalio/worker';

/**
 * Workflow tasks come through two queues: one that all workers share, and a sticky one for the workflows that this
 * worker has cached.
 */
type Queue = 'shared' | 'sticky';

/** A slot in use: first for a poll, then for the task that the poll brought. */
interface Permit extends SlotPermit {
  readonly queue: Queue;
  isRunning: boolean;
}

interface Waiting {
  readonly queue: Queue;
  readonly give: (permit: Permit) => void;
}

const queueOf = ({ isSticky }: { readonly isSticky: boolean }): Queue => (isSticky ? 'sticky' : 'shared');

/**
 * The workflow tasks that a worker may have at once. Slots are handed out as the SDK's own supplier does, until they
 * are closed: then no further poll begins, while polls and tasks that have a slot come to their end.
 */
export function createWorkflowTaskSlots(limit: number) {
  const taken = new Set<Permit>();
  let waiting: Waiting[] = [];
  let isClosed = false;
  const polls = (queue: Queue) => [...taken].filter((permit) => permit.queue === queue && !permit.isRunning).length;
  /** Polls of one queue leave a slot to the other one, as long as that one is not polled at all. */
  const isFree = (queue: Queue) => {
    const others = polls(queue === 'sticky' ? 'shared' : 'sticky');
    return !isClosed && taken.size < limit && (others > 0 || polls(queue) === 0 || polls(queue) + 1 < limit);
  };
  const take = (queue: Queue): Permit => {
    const permit = { queue, isRunning: false };
    taken.add(permit);
    return permit;
  };
  const serve = () => {
    waiting = waiting.filter(({ queue, give }) => {
      if (!isFree(queue)) return true;
      give(take(queue));
      return false;
    });
  };
  const supplier: CustomSlotSupplier<WorkflowSlotInfo> = {
    type: 'custom',
    reserveSlot: (poll, signal) =>
      new Promise((give, reject) => {
        const own: Waiting = { queue: queueOf(poll), give };
        waiting.push(own);
        serve();
        signal.addEventListener('abort', () => {
          waiting = waiting.filter((other) => other !== own);
          reject(signal.reason as Error);
        });
      }),
    tryReserveSlot: (task) => (isFree(queueOf(task)) ? take(queueOf(task)) : null),
    markSlotUsed({ permit }) {
      (permit as Permit).isRunning = true;
      serve();
    },
    releaseSlot({ permit }) {
      taken.delete(permit as Permit);
      serve();
    },
  };
  /** Tasks under way. */
  const running = () => [...taken].filter(({ isRunning }) => isRunning).length;
  return { supplier, polls, running, close: () => void (isClosed = true) };
}
