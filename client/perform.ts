import type { OrderActionName } from '../contracts/mediators/order-actions.ts';
import { actOnOrder, type ActingOnOrder } from '../app/act-on-order.ts';
import { newUpdateId, type ActionOptions } from './options/action-options.ts';
import { printJson, type Context } from './context.ts';
import { holdLines } from './print/hold-lines.ts';
import { paintedState } from './print/order-lines.ts';
import { pairs } from './print/table.ts';

/** An action on one order that a command line asks for. */
export interface Performing<Name extends OrderActionName> extends Omit<ActingOnOrder<Name>, 'updateId' | 'deadlineMs'> {
  readonly options: ActionOptions;
  readonly context: Context;
}

/** Acts on one order and prints where it stands just then, and the update id it was asked under. */
export async function perform<Name extends OrderActionName>(performing: Performing<Name>): Promise<void> {
  const { options, context, ...acting } = performing;
  const updateId = options.updateId ?? newUpdateId();
  const taken = await actOnOrder({ ...acting, updateId, deadlineMs: options.deadline });
  if (options.json) return printJson(context, { ...taken, updateId });
  const { style } = context;
  const told = pairs([
    ['order', style.bold(taken.orderId)],
    ['state', paintedState(taken.state, style)],
    ['update', updateId],
  ]);
  for (const line of [...told, ...holdLines(taken.holds, style)]) context.print(line);
}
