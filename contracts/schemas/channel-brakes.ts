import { z } from 'zod';
import { highestRate, type ChannelActionName, type ChannelActions } from '../channel-brakes.ts';
import { parseAction, type ParsedAction } from './actions.ts';
import { oneLine, strictObject } from './order-fields.ts';

const actor = oneLine(64);
const rateError = `must be a whole number from 1 to ${highestRate}`;
const perSecond = z.int({ error: rateError }).min(1, { error: rateError }).max(highestRate, { error: rateError });

const actions = {
  brake: strictObject({ reason: oneLine(200), actor }),
  release: strictObject({ perSecond: perSecond.nullable().exactOptional(), actor }),
} satisfies { readonly [Name in ChannelActionName]: z.ZodType<ChannelActions[Name]> };

/** Reads what is to be done with a channel from outside, and names the field of every problem. */
export const parseChannelAction = <Name extends ChannelActionName>(
  name: Name,
  input: unknown,
): ParsedAction<ChannelActions[Name]> => parseAction<ChannelActions[Name]>(actions[name], input);
