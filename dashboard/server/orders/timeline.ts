import type { OrderView } from '../../../contracts/views.ts';
import type { TimelineRow } from '../api/orders.ts';
import type { StepRecord } from '../../../contracts/mediators/steps.ts';

/** A row, and the instant it is sorted by. */
interface Timed {
  readonly by: string;
  readonly row: TimelineRow;
}

/**
 * Everything that happened to an order, oldest first; at one instant step by step, in each commands before answers, and
 * facts at last. A mediator asks the next step at the instant at which it hears of the last answer.
 */
export const timelineOf = ({
  steps,
  facts,
  holds,
  actions,
}: Pick<OrderView, 'steps' | 'facts' | 'holds' | 'actions'>): readonly TimelineRow[] =>
  [
    ...steps.map(commandRow),
    ...steps.flatMap(answerRows),
    ...facts.map(({ name, at }) => timed({ kind: 'fact', at, name, step: null, detail: null })),
    ...holds.map(({ reason, since, step, message }) =>
      timed({ kind: 'held', at: since, name: reason, step, detail: message }),
    ),
    ...actions.map(({ action, at, actor }) =>
      timed({ kind: 'action', at, name: action, step: null, detail: actor ?? 'the customer' }),
    ),
  ]
    .toSorted((one, other) => (one.by === other.by ? stepIn(one) - stepIn(other) : one.by < other.by ? -1 : 1))
    .map(({ row }) => row);

const stepIn = ({ row: { step } }: Timed): number => step ?? 6;

const timed = (row: TimelineRow & { readonly at: string }): Timed => ({ by: row.at, row });

const commandRow = ({ command, step, processor, askedAt }: StepRecord): Timed =>
  timed({ kind: 'command', at: askedAt, name: command, step, detail: processor });

/** A refusal has no instant of its own: it follows right after its command. */
function answerRows({ command, step, askedAt, acknowledgedAt, refusal, attempt }: StepRecord): readonly Timed[] {
  if (refusal !== null)
    return [{ by: askedAt, row: { kind: 'refused', at: null, name: command, step, detail: refusal } }];
  if (acknowledgedAt === null) return [];
  const detail = attempt !== null && attempt > 1 ? `at attempt ${attempt}` : null;
  return [timed({ kind: 'acknowledged', at: acknowledgedAt, name: command, step, detail })];
}
