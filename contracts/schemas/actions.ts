import { z } from 'zod';
import { commandRoutes, type CommandName } from '../command-routes.ts';
import { skippable } from '../mediators/holds.ts';
import type { OrderActionName, OrderActions } from '../mediators/order-actions.ts';
import type { ReturnActionName, ReturnActions } from '../mediators/returns-mediator.ts';
import { asMeant } from '../reading/as-meant.ts';
import { address, card, currency, isbn, lines, oneLine, pieceCount, strictObject } from './order-fields.ts';
import { problemsIn, type Problem } from './problem.ts';

/** A checked action, or everything that is wrong with it. */
export type ParsedAction<Action> =
  { readonly ok: true; readonly action: Action } | { readonly ok: false; readonly problems: readonly Problem[] };

const operator = oneLine(64);
const operatorOrCustomer = operator.nullable();
const command = z.enum(Object.keys(commandRoutes) as [CommandName, ...CommandName[]], {
  error: `must be one that may be skipped: ${skippable.join(' or ')}`,
});
const money = strictObject({ amount: z.int({ error: 'must be a whole number of minor units' }), currency });

const orderActions = {
  approve: strictObject({ actor: operator, total: money.exactOptional() }),
  pay: strictObject({ actor: operatorOrCustomer, card }),
  amend: strictObject({
    actor: operatorOrCustomer,
    lines: lines.exactOptional(),
    shipTo: address.exactOptional(),
  }).refine((amendment) => amendment.lines !== undefined || amendment.shipTo !== undefined, {
    error: 'must say what is to change: the lines, or where to',
  }),
  retry: strictObject({ actor: operator }),
  skip: strictObject({ actor: operator, command }),
  cancel: strictObject({ actor: operatorOrCustomer, reason: oneLine(200).nullable() }),
} satisfies { readonly [Name in OrderActionName]: z.ZodType<OrderActions[Name]> };

const count = pieceCount(0, 'must be a whole number from 0 to 10000');
const inspectedLine = strictObject({ isbn, accepted: count, sellable: count }).refine(
  ({ accepted, sellable }) => sellable <= accepted,
  { path: ['sellable'], error: 'must not be more than what is accepted' },
);
const inspectedError = 'must be a list of up to 100 titles';

const returnActions = {
  approve: strictObject({ actor: operator }),
  decline: strictObject({ actor: operator, reason: oneLine(200) }),
  'parcel-received': strictObject({ actor: operator }),
  inspect: strictObject({
    actor: operator,
    lines: z.array(inspectedLine, { error: inspectedError }).max(100, { error: inspectedError }),
  }),
} satisfies { readonly [Name in ReturnActionName]: z.ZodType<ReturnActions[Name]> };

/**
 * Reads an action on an order from outside, and names the field of every problem. Its mediator decides if the action
 * fits the order.
 */
export const parseOrderAction = <Name extends OrderActionName>(
  name: Name,
  input: unknown,
): ParsedAction<OrderActions[Name]> => parseAction<OrderActions[Name]>(orderActions[name], asMeant(input));

/**
 * Reads an action on a return from outside, and names the field of every problem. Its mediator decides if the action
 * fits the return.
 */
export const parseReturnAction = <Name extends ReturnActionName>(
  name: Name,
  input: unknown,
): ParsedAction<ReturnActions[Name]> => parseAction<ReturnActions[Name]>(returnActions[name], asMeant(input));

/** Reads an action by its schema. `what` names the action as a whole, for a problem that no field has. */
export function parseAction<Action>(schema: z.ZodType, input: unknown, what = 'the action'): ParsedAction<Action> {
  const parsed = schema.safeParse(input);
  return parsed.success
    ? { ok: true, action: parsed.data as Action }
    : { ok: false, problems: problemsIn(parsed.error, what) };
}
