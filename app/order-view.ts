import type { Address } from '../contracts/address.ts';
import type { Hold } from '../contracts/mediators/holds.ts';
import type { OrderState, Progress } from '../contracts/mediators/order-mediator.ts';
import type { StepNumber, StepRecord } from '../contracts/mediators/steps.ts';
import type {
  OrderContents,
  OrderSummary,
  OrderView,
  RecordedAction,
  RecordedFact,
  Shipment,
} from '../contracts/views.ts';
import type { OrderRecord } from './reads/orders.ts';

/** The records of an order beside its row. */
export interface Kept {
  readonly facts: readonly RecordedFact[];
  readonly actions: readonly RecordedAction[];
  readonly contents: OrderContents;
}

/** True when the mediator store knows as much of the order as the mediator. */
export const hasEnded = ({ state }: { readonly state: OrderState }): boolean =>
  state === 'completed' || state === 'cancelled';

/**
 * Joins the row of the mediator store with the mediator's progress. An order that has ended, or whose mediator is
 * silent, has only its row.
 */
export function summaryOf(kept: OrderRecord, progress: Progress | undefined): OrderSummary {
  const live = hasEnded(kept) ? undefined : progress;
  const holds = (live?.holds ?? kept.holds).map(holdOf);
  return {
    orderId: kept.orderId,
    requestId: kept.requestId,
    workflowId: kept.workflowId,
    customerId: kept.customerId,
    state: live?.state ?? kept.state,
    step: live?.step ?? lastStep(kept),
    holdReason: holds[0]?.reason ?? null,
    holds,
    total: live?.total ?? kept.total,
  };
}

/** The summary with the steps, the facts, the actions and the contents of the order. */
export function viewOf(
  kept: OrderRecord,
  progress: Progress | undefined,
  { facts, actions, contents }: Kept,
): OrderView {
  const live = hasEnded(kept) ? undefined : progress;
  return {
    ...summaryOf(kept, progress),
    reason: live?.reason ?? kept.reason,
    steps: (live?.steps ?? kept.steps ?? []).map(inContractOrder),
    facts: facts.map(({ name, sequence, at }) => ({ name, sequence, at })),
    actions,
    notes: live?.notes ?? [],
    ...contentsIn(contents),
  };
}

/** Fixes the order of the names, which jsonb does not keep. */
const contentsIn = ({ lines, shipTo, shipment }: OrderContents): OrderContents => ({
  lines: lines.map(({ isbn, quantity, title }) => ({ isbn, quantity, title })),
  shipTo: shipTo && addressIn(shipTo),
  shipment: shipment && shipmentIn(shipment),
});

const addressIn = ({ name, street, city, postcode, country }: Address) => ({ name, street, city, postcode, country });

const shipmentIn = ({ carrier, method, trackingNumber }: Shipment) => ({ carrier, method, trackingNumber });

/** A hold in the form of the contract, without the id that the mediator store adds. */
export const holdOf = ({ reason, step, command, message, help, since, deadline }: Hold): Hold => ({
  reason,
  step,
  command,
  message,
  help,
  since,
  deadline,
});

/** Fixes the order of the names to the contract's, which a jsonb column does not keep. */
const inContractOrder = ({
  step,
  command,
  processor,
  requestId,
  askedAt,
  acknowledgedAt,
  attempt,
  refusal,
}: StepRecord) => ({
  step,
  command,
  processor,
  requestId,
  askedAt,
  acknowledgedAt,
  attempt,
  refusal,
});

/** The latest step in which a command was called. A compensating command has the number of its step. */
const lastStep = ({ state, steps }: OrderRecord): StepNumber =>
  state === 'completed' ? 5 : (steps ?? []).reduce<StepNumber>((last, { step }) => (step > last ? step : last), 0);
