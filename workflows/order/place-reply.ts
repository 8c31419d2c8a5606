import { ApplicationFailure, CancellationScope, condition, defineUpdate, setHandler } from '@temporalio/workflow';
import { orderMediator, type Placed, type StartOrder } from '../../contracts/mediators/order-mediator.ts';
import type { Refusal } from '../kit/call.ts';

const placeUpdate = defineUpdate<Placed, [bodyHash: string]>(orderMediator.placeUpdate);

/** The answer that whoever placed the order is waiting for. */
export interface PlaceReply {
  /** Step 1 is acknowledged: from here on the order is kept. */
  accept(orderId: string): void;
  /** Step 1 was refused and nothing was kept. Returns the failure that the workflow ends with. */
  refuse(refusal: Refusal): ApplicationFailure;
}

/**
 * Answers the update `place` with the order id as soon as there is one. A request with another body than this
 * order's is refused at once, and is told nothing of this order.
 */
export function openPlaceReply({ bodyHash, event }: StartOrder): PlaceReply {
  let placed: Placed | undefined;
  let refused: ApplicationFailure | undefined;
  const answer = async (): Promise<Placed> => {
    // Whoever asks for the order's cancellation does not take its owner the answer.
    await CancellationScope.nonCancellable(() => condition(() => Boolean(placed ?? refused)));
    if (!placed) throw refused;
    return placed;
  };
  const validator = (otherHash: string): void => {
    if (otherHash !== bodyHash) throw requestIdTaken(event.requestId);
  };
  setHandler(placeUpdate, answer, { validator });
  return {
    accept: (orderId) => void (placed = { orderId }),
    refuse({ type, message, details }) {
      refused = ApplicationFailure.nonRetryable(message, type, ...details);
      return refused;
    },
  };
}

const requestIdTaken = (requestId: string): ApplicationFailure =>
  ApplicationFailure.nonRetryable(
    `Request id ${requestId} is already used by another order request. Choose another request id.`,
    'RequestIdTaken',
    { requestId },
  );
