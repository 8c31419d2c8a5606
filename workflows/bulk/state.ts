import { plain } from '../kit/steps.ts';
import { bulkUpdateId } from '../../contracts/ids.ts';
import type {
  AskedOfOrder,
  BulkControl,
  BulkOrder,
  BulkProgress,
  BulkState,
  OrderAnswer,
  StartBulk,
} from '../../contracts/mediators/bulk.ts';

/** The state of a bulk action. */
export interface BulkAtWork {
  readonly start: StartBulk;
  readonly orders: readonly BulkOrder[];
  /** The place of the order that is asked next. */
  readonly next: number;
  readonly control: BulkControl | null;
  /** True when the last order that will be asked has answered. */
  readonly isOver: boolean;
}

export type BulkEvent =
  | { readonly type: 'controlled'; readonly control: BulkControl }
  | { readonly type: 'asked' }
  | { readonly type: 'answered'; readonly index: number; readonly answer: OrderAnswer }
  /** The order was asked as often as is sensible, and gave no answer. */
  | { readonly type: 'unanswered'; readonly index: number }
  | { readonly type: 'ended' };

/** The state of a bulk action at its start, or after it continued as new. */
export const openBulk = (start: StartBulk): BulkAtWork => ({
  start,
  orders: start.orders,
  next: start.orders.filter(({ answer }) => answer !== undefined).length,
  control: start.control ?? null,
  isOver: false,
});

/**
 * The next thing to do: `ask` another order, `wait` until a person resumes or stops the action, or `end` the asking.
 */
export function decide(state: BulkAtWork): 'ask' | 'wait' | 'end' {
  if (state.next >= state.orders.length || stateOf(state) === 'stopping') return 'end';
  return stateOf(state) === 'paused' ? 'wait' : 'ask';
}

/** Longer sentences of 5,000 orders would not fit into one payload. */
const longestMessage = 160;

const noAnswer = 'There was no answer in time: it may have been done.';

type Step<Type extends BulkEvent['type']> = (
  state: BulkAtWork,
  event: Extract<BulkEvent, { type: Type }>,
) => BulkAtWork;

const steps: { readonly [Type in BulkEvent['type']]: Step<Type> } = {
  controlled: (state, { control }) => ({ ...state, control }),
  asked: (state) => ({ ...state, next: state.next + 1 }),
  answered: (state, { index, answer: { before, refusal } }) =>
    refusal === null
      ? withAnswer(state, index, { before, answer: 'taken' })
      : withAnswer(state, index, { before, answer: 'refused', message: refusal.slice(0, longestMessage) }),
  unanswered: (state, { index }) => withAnswer(state, index, { answer: 'unknown', message: noAnswer }),
  ended: (state) => ({ ...state, isOver: true }),
};

/** The state after an event. */
export const evolve = (state: BulkAtWork, event: BulkEvent): BulkAtWork =>
  (steps[event.type] as Step<typeof event.type>)(state, event);

const withAnswer = (state: BulkAtWork, index: number, answer: Partial<BulkOrder>): BulkAtWork => ({
  ...state,
  orders: state.orders.map((order, at) => (at === index ? { ...order, ...answer } : order)),
});

/** The state that follows from the last control. */
export function stateOf({ control, isOver }: BulkAtWork): BulkState {
  if (control?.name === 'stop') return isOver ? 'stopped' : 'stopping';
  if (isOver) return 'done';
  return control?.name === 'pause' ? 'paused' : 'running';
}

/** The request to one order. An approval is valid for the counted amount only. */
export function askedOf({ id, action, content, actor }: StartBulk, order: BulkOrder): AskedOfOrder {
  const { orderId, total, before } = order;
  const amount = action === 'approve' && total ? { total } : {};
  return {
    orderId,
    updateId: bulkUpdateId(id, orderId),
    name: action,
    action: { ...content, ...amount, actor },
    counted: before,
  };
}

/** The argument of the workflow that continues this one. */
export const carriedOver = ({ start, orders, control }: BulkAtWork): StartBulk => ({
  ...start,
  orders,
  ...(control ? { control } : {}),
});

/** The progress, counted from the answers. */
export function progressOf(state: BulkAtWork): BulkProgress {
  const { id, name, actor, action } = state.start;
  const counts = { taken: 0, refused: 0, unknown: 0 };
  for (const { answer } of state.orders) if (answer) counts[answer] += 1;
  const done = counts.taken + counts.refused + counts.unknown;
  const { orders, control } = state;
  return { id, name, actor, action, state: stateOf(state), control, count: orders.length, done, ...counts };
}

/** Markdown for the Temporal Web UI. */
export function bulkDetails(state: BulkAtWork): string {
  const { name, actor, action, count, done, taken, refused, unknown, control, state: now } = progressOf(state);
  const by = control ? ` (${control.name} by ${plain(control.actor)}, ${control.at})` : '';
  return [
    `**${plain(name)}**: ${action} ${count} orders, by ${plain(actor)}`,
    '',
    `${now}${by}`,
    '',
    `${done} of ${count}: ${taken} taken, ${refused} refused, ${unknown} without an answer`,
  ].join('\n');
}
