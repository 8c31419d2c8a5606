import type { AskedOfOrder, BulkActivities, OrderPosition } from '../../contracts/mediators/bulk.ts';

/** The shop, as a bulk action needs it. */
export interface BulkPorts {
  /**
   * Sends the action to the order's mediator. Resolves with its refusal as one sentence, or null; rejects when the
   * result is not known.
   */
  act(asked: AskedOfOrder): Promise<string | null>;
  /** The current state of an order; undefined when there is no such order. Rejects when the state cannot be read. */
  position(orderId: string): Promise<OrderPosition | undefined>;
  /** True when an attempt before this one may have acted already. */
  isRepeat(): boolean;
}

/** The activity of a bulk action. */
export const createBulkActivities = ({ act, position, isRepeat }: BulkPorts): BulkActivities => ({
  async actOnOrder(asked) {
    const before = isRepeat() ? asked.counted : await positionOf(asked, position);
    return { before, refusal: await act(asked) };
  },
});

/** Reads the position again, because a change between the count and now is not this action's doing. */
const positionOf = ({ orderId, counted }: AskedOfOrder, position: BulkPorts['position']): Promise<OrderPosition> =>
  position(orderId).then(
    (now) => now ?? counted,
    () => counted,
  );
