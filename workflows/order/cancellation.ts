/** Thrown when a command is not to be asked because the order is to be undone. Caught where the undo begins, and only there. */
export class OrderEnds extends Error {}

/** Whether the order is to be undone: a refusal nobody can put right, a deadline, or somebody who cancels. Decided once. */
export interface CancelDecision {
  /** Why, as one sentence for people; undefined while it is not to be undone. */
  readonly reason: string | undefined;
  /** The first reason stands. `recorded` when the mediator store has it already. */
  decide(reason: string, recorded?: 'recorded'): void;
  /** The mediator store has the decision. */
  noteRecorded(): void;
  readonly isRecorded: boolean;
  /** Throws `OrderEnds` when it is decided. Called before each command: one that is under way is never abandoned. */
  check(): void;
  /** From here on nobody can decide any more: the order is ending. */
  close(): void;
  readonly isClosed: boolean;
}

/** Nothing decided yet. */
export function openCancelDecision(): CancelDecision {
  let reason: string | undefined;
  let isRecorded = false;
  let isClosed = false;
  return {
    get reason() {
      return reason;
    },
    get isRecorded() {
      return isRecorded;
    },
    get isClosed() {
      return isClosed;
    },
    decide(why, recorded) {
      if (reason !== undefined || isClosed) return;
      reason = why;
      isRecorded = recorded === 'recorded';
    },
    noteRecorded: () => void (isRecorded = true),
    check() {
      if (reason !== undefined) throw new OrderEnds(reason);
    },
    close: () => void (isClosed = true),
  };
}

/**
 * Work of one step, all under way at the same time. Waits for every end, so that nothing is left running unseen, and only then
 * passes on what went wrong: a bug before the end of the order.
 */
export async function all(works: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(works);
  const errors = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  const bug = errors.find((error) => !(error instanceof OrderEnds));
  if (bug !== undefined) throw bug;
  if (errors.length > 0) throw errors[0];
}
