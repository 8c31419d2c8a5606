import type { OrderView } from '../../../contracts/views.ts';
import type { TimelineRow } from '../api/orders.ts';
import type { StepRecord } from '../../../contracts/mediators/steps.ts';

/** A row, and the instant it is sorted by. */
interface Timed {
  readonly by: string;
  readonly row: TimelineRow;
}

/**
 * Everything that happened to an order, oldest first. What follows an answer is asked at the instant at which the
 * mediator hears of it. So at one instant each command stands with its acknowledgement, in the order of asking, before
 * refusals and facts.
 */
export const timelineOf = ({
  steps,
  facts,
  holds,
  actions,
}: Pick<OrderView, 'steps' | 'facts' | 'holds' | 'actions'>): readonly TimelineRow[] =>
  [
    ...steps.flatMap((record) => [commandRow(record), ...acknowledgedRow(record)]),
    ...steps.flatMap(refusedRow),
    ...facts.map(({ name, at }) => timed({ kind: 'fact', at, name, step: null, detail: null })),
    ...holds.map(({ reason, since, step, message }) =>
      timed({ kind: 'held', at: since, name: reason, step, detail: message }),
    ),
    ...actions.map(({ action, at, actor }) =>
      timed({ kind: 'action', at, name: action, step: null, detail: actor ?? 'the customer' }),
    ),
  ]
    .toSorted((one, other) => (one.by === other.by ? 0 : one.by < other.by ? -1 : 1))
    .map(({ row }) => row);

const timed = (row: TimelineRow & { readonly at: string }): Timed => ({ by: row.at, row });

const commandRow = ({ command, step, processor, askedAt }: StepRecord): Timed =>
  timed({ kind: 'command', at: askedAt, name: command, step, detail: processor });

function acknowledgedRow({ command, step, acknowledgedAt, attempt }: StepRecord): readonly Timed[] {
  if (acknowledgedAt === null) return [];
  const detail = attempt !== null && attempt > 1 ? `at attempt ${attempt}` : null;
  return [timed({ kind: 'acknowledged', at: acknowledgedAt, name: command, step, detail })];
}

/** A refusal has no instant of its own: it follows its command, and what was asked together with it. */
const refusedRow = ({ command, step, askedAt, refusal }: StepRecord): readonly Timed[] =>
  refusal === null ? [] : [{ by: askedAt, row: { kind: 'refused', at: null, name: command, step, detail: refusal } }];
