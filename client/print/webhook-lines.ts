import type { Webhook } from '../../contracts/outside/webhooks.ts';
import type { Style } from './style.ts';
import { moment, pairs, table } from './table.ts';

/** Webhooks as a table, one a line. */
export const webhookTable = (webhooks: readonly Webhook[], style: Style): readonly string[] =>
  table(
    ['webhook', 'state', 'waiting', 'delivered', 'facts', 'url'].map((heading) => ({ heading })),
    webhooks.map((of) => [
      of.id,
      painted(of, style),
      String(of.waiting),
      momentOr(of.deliveredAt),
      of.takes.join(' '),
      of.url,
    ]),
    style.dim,
  );

/** One webhook on one line. */
export const webhookLine = ({ id, state, url }: Webhook): string => `${id}  ${state}  ${url}`;

/** Everything about one webhook but its secrets. */
export const webhookSheet = (of: Webhook, style: Style): readonly string[] =>
  pairs([
    ['webhook', style.bold(of.id)],
    ['url', of.url],
    ['facts', of.takes.join(' ')],
    ['state', `${painted(of, style)}, since ${moment(of.since)}${of.reason === null ? '' : `: ${of.reason}`}`],
    ['waiting', String(of.waiting)],
    ['delivered', momentOr(of.deliveredAt)],
    ['failing', of.failingSince === null ? '-' : `since ${moment(of.failingSince)}: ${of.problem ?? '-'}`],
    ['given up', String(of.givenUp)],
    ['old secret', of.previousSecretUntil === null ? '-' : `signs until ${moment(of.previousSecretUntil)}`],
    ['added', moment(of.addedAt)],
    ['changed', `${moment(of.changedAt)}, by ${of.changedBy}`],
  ]);

const momentOr = (instant: string | null): string => (instant === null ? '-' : moment(instant));

const painted = ({ state, failingSince }: Webhook, style: Style): string => {
  if (state === 'off') return style.bad(state);
  return failingSince === null ? style.good(state) : style.busy('failing');
};
