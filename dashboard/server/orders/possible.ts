import { skippable, type Hold } from '../../../contracts/mediators/holds.ts';
import { orderActions, type OrderActionName } from '../../../contracts/mediators/order-actions.ts';
import type { OrderState } from '../../../contracts/mediators/order-mediator.ts';
import type { StepRecord } from '../../../contracts/mediators/steps.ts';

/** As much of an order as its actions follow from. */
interface Standing {
  readonly state: OrderState;
  readonly holds: readonly Hold[];
  readonly steps: readonly StepRecord[];
}

/** What an operator would be offered now. The order's mediator decides when it is asked. */
export const possibleNow = (order: Standing): readonly OrderActionName[] =>
  orderActions.filter((action) => fits[action](order));

const isHeld = ({ state }: Standing): boolean => state === 'held';

const fits: { readonly [Name in OrderActionName]: (order: Standing) => boolean } = {
  approve: (order) => isHeld(order) && order.holds.some(({ reason }) => reason === 'approval'),
  pay: (order) =>
    isHeld(order) && order.holds.some(({ reason, command }) => reason !== 'approval' && command === 'apply-payment'),
  amend: (order) =>
    isHeld(order) &&
    !order.steps.some(({ command, acknowledgedAt }) => command === 'ship-order' && acknowledgedAt !== null),
  retry: (order) => isHeld(order) && order.holds.some(({ reason }) => reason !== 'approval'),
  skip: (order) => isHeld(order) && order.holds.some(({ command }) => skippable.includes(command)),
  cancel: ({ state }) => state === 'open' || state === 'held',
};
