import { defineSearchAttributeKey } from '@temporalio/common';
import { upsertSearchAttributes } from '@temporalio/workflow';
import { formatMoney } from '../../contracts/money.ts';
import { commandRequestId } from '../../contracts/ids.ts';
import { takeCarriedHold } from './recovered-holds.ts';
import { waitForHelp } from './hold.ts';
import { answerOf, type Order } from './order.ts';
import { recordResumed } from './records.ts';

const mediatorClassKey = defineSearchAttributeKey('MediatorClass', 'KEYWORD');

/**
 * Whether what the order comes to now is above the policy's limit and above what was approved. Asked before every charge: an amendment may have raised it.
 */
export function needsApproval(order: Order): boolean {
  const { amount } = answerOf(order, 'created').total;
  const limit = limitOf(order);
  return limit !== undefined && amount > limit && amount > order.approvedUpTo;
}

/** Holds the order until somebody approves it, or an amendment brings it back under the limit. From here on it is of the class `complex`. */
export async function waitForApproval(order: Order): Promise<void> {
  while (needsApproval(order)) {
    if (order.start.mediatorClass !== 'complex') upsertSearchAttributes([{ key: mediatorClassKey, value: 'complex' }]);
    const { total } = answerOf(order, 'created');
    const limit = formatMoney({ ...total, amount: limitOf(order) ?? 0 });
    const message = `Orders above ${limit} are approved before anything is charged.`;
    const errand = { name: 'apply-payment', step: order.progress.progress.step } as const;
    const requestId = approvalId(order);
    await waitForHelp(order, { errand, trouble: { kind: 'approval', message }, reason: 'approval', requestId });
  }
}

/** It needs none any more, and the workflow before was lost before it said that it goes on. */
export async function endCarriedApproval(order: Order): Promise<void> {
  const hold = takeCarriedHold(order, approvalId(order), 'approval');
  if (hold) await recordResumed(order, hold, order.approvedUpTo > 0 ? 'approve' : 'amend');
}

/** Nothing is asked under this id. Its round tells the mails of one approval from those of another, after an amendment. */
const approvalId = ({ progress: file, amendments }: Order): string =>
  commandRequestId(file.orderId(), 'apply-payment', amendments + 1, 'approval');

const limitOf = (order: Order): number | undefined =>
  order.policy.approveAbove?.[answerOf(order, 'created').total.currency];
