import { formatMoney } from '../../contracts/money.ts';
import type { ReturnProgress } from '../../contracts/mediators/returns-mediator.ts';
import type { ReturnRequested, ReturnState } from '../../contracts/mediators/return-requested.ts';
import { detailsOf, moment, plain } from '../kit/steps.ts';

/** What the Temporal Web UI shows of a return: where it stands, what it waits for, and every command as a Markdown table. */
export function currentDetails(progress: ReturnProgress, { lines, reason }: ReturnRequested): string {
  const { requestId, orderId, state, since, deadline, amount, trouble, notes, steps } = progress;
  const wanted = lines.map(({ isbn, quantity }) => `${quantity} of ${isbn}`).join(', ');
  const until = deadline ? `, until ${moment(deadline)}` : '';
  const paragraphs = [
    `**Return ${requestId}** of ${orderId} · ${state}${amount ? ` · ${formatMoney(amount)}` : ''}`,
    `${wanted}, because: ${plain(reason)}`,
    ...(help[state] ? [`**${help[state]}** Since ${moment(since)}${until}.`] : []),
    ...(trouble ? [`A processor keeps failing, and is asked again: ${plain(trouble)}`] : []),
    ...notes.map(plain),
  ];
  return detailsOf(paragraphs, steps);
}

const help: { readonly [State in ReturnState]?: string } = {
  'awaiting-approval': 'Somebody has to approve or decline it.',
  'awaiting-parcel': 'The parcel has to come.',
  'awaiting-inspection': 'Somebody has to look at what came back.',
};
