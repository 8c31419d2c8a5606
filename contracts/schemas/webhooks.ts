import { z } from 'zod';
import { inMs, type Duration } from '../duration.ts';
import { factAreas, type FactName } from '../facts.ts';
import type { WebhookActionName, WebhookActions, WebhookTakes } from '../outside/webhooks.ts';
import { parseAction, type ParsedAction } from './actions.ts';
import { oneLine, strictObject } from './order-fields.ts';

const areas = [...new Set(Object.values(factAreas))];
const names: readonly WebhookTakes[] = [...(Object.keys(factAreas) as FactName[]), ...areas, 'all'];
const takesError = `must be names of facts such as order-shipped, areas (${areas.join(', ')}), or all`;
const takes = z
  .array(z.enum(names, { error: takesError }), { error: takesError })
  .min(1, { error: takesError })
  .max(names.length, { error: takesError });

const actor = oneLine(64);
const url = z.string({ error: 'must be text' }).max(2_000, { error: 'must not be longer than 2000 characters' });
const longest = '30 days';
const keepError = `must be a length of time such as "1 day", no longer than ${longest}; "0 days" ends the old secret at once`;
const keepFor = z
  .string({ error: keepError })
  .regex(/^\d{1,7} (second|minute|hour|day)s?$/, { error: keepError, abort: true })
  .refine((given) => inMs(given as Duration) <= inMs(longest), { error: keepError });

const actions = {
  add: strictObject({ url, takes, actor }),
  change: strictObject({ url: url.exactOptional(), takes: takes.exactOptional(), actor }).refine(
    (change) => change.url !== undefined || change.takes !== undefined,
    { error: 'must say what is to change: the URL, or the facts' },
  ),
  rotate: strictObject({ keepFor, actor }),
  on: strictObject({ actor }),
  off: strictObject({ reason: oneLine(200), actor }),
  remove: strictObject({ actor }),
} satisfies { readonly [Name in WebhookActionName]: z.ZodType<WebhookActions[Name]> };

/** Reads what is to be done with a webhook from outside, and names the field of every problem. */
export const parseWebhookAction = <Name extends WebhookActionName>(
  name: Name,
  input: unknown,
): ParsedAction<WebhookActions[Name]> => parseAction<WebhookActions[Name]>(actions[name], input, 'the webhook');
