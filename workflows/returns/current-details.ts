import { formatMoney } from '../../contracts/money.ts';
import type { ReturnProgress } from '../../contracts/mediators/returns-mediator.ts';
import type { ReturnRequested, ReturnState } from '../../contracts/mediators/returns.ts';
import { detailsOf, moment, plain } from '../kit/steps.ts';

/** The return for the Temporal Web UI: its state, its wait, and every command as a Markdown table. */
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
  'awaiting-approval': 'A person has to approve or decline it.',
  'awaiting-parcel': 'The parcel has to come.',
  'awaiting-inspection': 'A person has to inspect the titles that came back.',
};
