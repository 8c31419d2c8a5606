import type { Hold } from '../contracts/mediators/holds.ts';
import type { OrderState, Progress } from '../contracts/mediators/order-mediator.ts';
import type { StepNumber, StepRecord } from '../contracts/mediators/steps.ts';
import type { OrderContents, OrderSummary, OrderView, RecordedAction, RecordedFact } from '../contracts/views.ts';
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
    steps: (live?.steps ?? kept.steps ?? []).map(recordOf),
    facts: facts.map((fact) => inOrder(fact, ['name', 'sequence', 'at'])),
    actions,
    notes: live?.notes ?? [],
    ...contentsIn(contents),
  };
}

/** These fields in this order, which jsonb does not keep. */
const inOrder = <Of extends object, Name extends keyof Of>(of: Of, names: readonly Name[]): Pick<Of, Name> =>
  Object.fromEntries(names.map((name) => [name, of[name]])) as Pick<Of, Name>;

const contentsIn = ({ lines, shipTo, shipment, unreachableSince }: OrderContents): OrderContents => ({
  lines: lines.map((line) => inOrder(line, ['isbn', 'quantity', 'title'])),
  shipTo: shipTo && inOrder(shipTo, ['name', 'street', 'city', 'postcode', 'country']),
  shipment: shipment && inOrder(shipment, ['carrier', 'method', 'trackingNumber']),
  unreachableSince,
});

/** A hold in the form of the contract, without the id that the mediator store adds. */
export const holdOf = (hold: Hold): Hold =>
  inOrder(hold, ['reason', 'step', 'command', 'message', 'help', 'since', 'deadline']);

const stepNames = [
  'step',
  'command',
  'processor',
  'requestId',
  'askedAt',
  'acknowledgedAt',
  'attempt',
  'refusal',
] as const;

const recordOf = (record: StepRecord): StepRecord => inOrder(record, stepNames);

/** The latest step in which a command was called. A compensating command has the number of its step. */
const lastStep = ({ state, steps }: OrderRecord): StepNumber =>
  state === 'completed' ? 5 : (steps ?? []).reduce<StepNumber>((last, { step }) => (step > last ? step : last), 0);
