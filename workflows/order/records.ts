import { currentUpdateInfo } from '@temporalio/workflow';
import type { ActionRecorded, OpenHold, RecordAction, ResumeOrder } from '../../contracts/mediators/order-records.ts';
import type { Order } from './order.ts';

/** Which order a record of the mediator store is about. */
export const about = ({ start, progress: file }: Order): { readonly requestId: string; readonly orderId: string } => ({
  requestId: start.event.requestId,
  orderId: file.orderId(),
});

/** Writes down that the order waits. */
export const recordHold = (order: Order, hold: OpenHold): Promise<void> =>
  order.records.holdOrder({ ...about(order), hold, rounds: order.rounds.all });

/** Writes down that it goes on, and who saw to it. */
export const recordResumed = (order: Order, hold: OpenHold, by: ResumeOrder['by']): Promise<void> =>
  order.records.resumeOrder({ ...about(order), hold, by, rounds: order.rounds.all });

/** Writes down what somebody did, under the id of the update; what comes without an update is kept under `otherwise`. */
export const recordAction = (
  order: Order,
  action: Omit<RecordAction, 'requestId' | 'orderId' | 'actionId' | 'rounds'>,
  otherwise: string,
): Promise<ActionRecorded> => {
  const actionId = currentUpdateInfo()?.id ?? otherwise;
  return order.records.recordAction({ ...about(order), actionId, rounds: order.rounds.all, ...action });
};
