import type { Command } from 'commander';
import type { ReturnActionName, ReturnActions } from '../../contracts/mediators/returns-mediator.ts';
import { parseReturnAction } from '../../contracts/schemas/actions.ts';
import { newUpdateId, withActionOptions, type ActionOptions } from '../options/action-options.ts';
import { inspectedArgument } from '../options/arguments.ts';
import { printJson, type Context } from '../context.ts';
import { optionSentences } from '../options/option-problems.ts';
import { AppError } from '../../app/app-error.ts';

interface ReturnOptions extends ActionOptions {
  readonly reason?: string;
  readonly line?: readonly object[];
}

/** `return`: approve or decline a return, say that its parcel is here, or what was found in it. */
export function addReturn(program: Command, context: Context): void {
  const group = program.command('return').description('act on a return; an operator only');
  const add = (word: string, name: ReturnActionName, description: string): Command => {
    const command = group.command(word).description(description).argument('<request>', 'the request id of the return');
    return withActionOptions(command, 'retry').action((requestId: string, options: ReturnOptions) =>
      act(requestId, name, options, context),
    );
  };
  add('approve', 'approve', 'the customer may send it back');
  add('decline', 'decline', 'nothing goes back').requiredOption('--reason <sentence>', 'why; the customer is told');
  add('received', 'parcel-received', 'the parcel is here');
  add('inspect', 'inspect', 'what was found in the parcel; a title that is not named was not accepted').option(
    '--line <isbn:accepted[:sellable]>',
    'how many are accepted, and how many of those can be sold again (all, when left out); again for each title',
    (argument: string, before: readonly object[]) => [...before, inspectedArgument(argument)],
    [] as readonly object[],
  );
}

async function act(requestId: string, name: ReturnActionName, options: ReturnOptions, context: Context): Promise<void> {
  const action = checked(name, inputOf(name, options, context));
  const [{ withSources }, { actOnReturn }] = await Promise.all([
    import('../../app/sources.ts'),
    import('../../app/act-on-return.ts'),
  ]);
  const updateId = options.updateId ?? newUpdateId();
  const acting = { requestId, name, action, updateId, deadlineMs: options.deadline };
  const taken = await withSources(context.env, (sources) => actOnReturn({ sources, ...acting }));
  if (options.json) printJson(context, { ...taken, updateId });
  else context.print(`Return ${requestId} is ${taken.state}.`);
}

function inputOf(name: ReturnActionName, { actor, reason, line = [] }: ReturnOptions, { env }: Context): object {
  const by = actor ?? env['ORDER_ACTOR'];
  if (!by)
    throw new AppError('bad-input', 'Only an operator may do that: say who with --actor NAME, or set ORDER_ACTOR.');
  return { actor: by, ...(name === 'decline' ? { reason } : {}), ...(name === 'inspect' ? { lines: line } : {}) };
}

function checked<Name extends ReturnActionName>(name: Name, input: object): ReturnActions[Name] {
  const parsed = parseReturnAction(name, input);
  if (parsed.ok) return parsed.action;
  throw new AppError('bad-input', `That cannot be done to a return: ${optionSentences(parsed.problems)}.`);
}
