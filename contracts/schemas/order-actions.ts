import { z } from 'zod';
import { skippable } from '../mediators/holds.ts';
import { currencies } from '../money.ts';
import type { OrderActionName, OrderActions } from '../mediators/order-actions.ts';
import { address, card, lines, oneLine } from './order-fields.ts';
import { notAnObject, problemsIn, type Problem } from './problem.ts';
import { commandRoutes, type CommandName } from '../command-routes.ts';

/** What reading an action from outside came to. */
export type ParsedAction<Name extends OrderActionName> =
  | { readonly ok: true; readonly action: OrderActions[Name] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const operator = oneLine(64);
const anybody = operator.nullable();
const command = z.enum(Object.keys(commandRoutes) as [CommandName, ...CommandName[]], {
  error: `must be one that may be skipped: ${skippable.join(' or ')}`,
});
const object = <Shape extends z.core.$ZodShape>(shape: Shape) => z.strictObject(shape, { error: notAnObject });

const amount = z.int({ error: 'must be a whole number of minor units' });
const currency = z.enum(currencies, { error: `must be one of ${currencies.join(', ')}` });
const money = object({ amount, currency });

const nothingToAmend = 'must say what is to change: the lines, or where to';

const schemas = {
  approve: object({ actor: operator, total: money.exactOptional() }),
  pay: object({ actor: anybody, card }),
  amend: object({ actor: anybody, lines: lines.exactOptional(), shipTo: address.exactOptional() }).refine(
    (amendment) => amendment.lines !== undefined || amendment.shipTo !== undefined,
    { error: nothingToAmend },
  ),
  retry: object({ actor: operator }),
  skip: object({ actor: operator, command }),
  cancel: object({ actor: anybody, reason: oneLine(200).nullable() }),
} satisfies { readonly [Name in OrderActionName]: z.ZodType<OrderActions[Name]> };

/** Reads an action from outside. Refuses what it does not know, and says of every problem which field it is in. Whether it fits the order, its mediator decides. */
export function parseOrderAction<Name extends OrderActionName>(name: Name, input: unknown): ParsedAction<Name> {
  const parsed = schemas[name].safeParse(input);
  return parsed.success
    ? { ok: true, action: parsed.data as OrderActions[Name] }
    : { ok: false, problems: problemsIn(parsed.error, 'the action') };
}
