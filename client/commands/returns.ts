import type { Command } from 'commander';
import { AppError } from '../../app/app-error.ts';
import type { ReturnActionName, ReturnActions } from '../../contracts/mediators/returns-mediator.ts';
import { formatMoney } from '../../contracts/money.ts';
import type { ListedReturn } from '../../contracts/views.ts';
import { parseReturnAction } from '../../contracts/schemas/actions.ts';
import { printJson, printRows, type Context, type JsonOption } from '../context.ts';
import { newUpdateId, requiredActor, withActionOptions, type ActionOptions } from '../options/action-options.ts';
import { inspectedArgument, limitArgument } from '../options/arguments.ts';
import { optionSentences } from '../options/problem-sentences.ts';
import { moment, table } from '../print/table.ts';

interface ReturnsOptions extends JsonOption {
  readonly limit: number;
  readonly all?: boolean;
}

/** `returns`: the returns of customers, and their waits. */
export function addReturns(program: Command, context: Context): void {
  program
    .command('returns')
    .description('list the returns that wait for somebody, longest first: what for, since when, until when')
    .option('--limit <n>', 'at most so many returns, 1 to 1000', limitArgument, 100)
    .option('--all', 'the newest returns, whatever they wait for')
    .option('--json', 'print one JSON object per return')
    .action((options: ReturnsOptions) => listReturned(options, context));
}

async function listReturned({ limit, all, json }: ReturnsOptions, context: Context): Promise<void> {
  const [{ withDatabase }, { listReturns }] = await Promise.all([
    import('../../app/database.ts'),
    import('../../app/reads/returns.ts'),
  ]);
  const returns = await withDatabase(context.env, (database) => listReturns(database, { waiting: !all, limit }));
  const lines = () => table(returnColumns, returns.map(returnCells), context.style.dim);
  printRows(returns, { json, none: 'There are no such returns.', lines }, context);
}

const returnColumns = [
  { heading: 'return' },
  { heading: 'order' },
  { heading: 'customer' },
  { heading: 'state' },
  { heading: 'since' },
  { heading: 'deadline' },
  { heading: 'amount', align: 'right' },
  { heading: 'what is to go back' },
  { heading: 'what keeps failing' },
] as const;

const returnCells = (of: ListedReturn): readonly string[] => [
  of.requestId,
  of.orderId,
  of.customerId,
  of.state,
  moment(of.since),
  of.deadline === null ? 'none' : moment(of.deadline),
  of.amount === null ? '' : formatMoney(of.amount),
  of.lines.map(({ isbn, quantity }) => `${quantity} of ${isbn}`).join(', '),
  of.trouble ?? '',
];

interface ReturnOptions extends ActionOptions {
  readonly reason?: string;
  readonly line?: readonly object[];
}

/** `return`: approves or declines a return, or records its parcel or its inspection. */
export function addReturn(program: Command, context: Context): void {
  const group = program.command('return').description('act on a return; an operator only');
  const add = (word: string, name: ReturnActionName, description: string): Command => {
    const command = group.command(word).description(description).argument('<request>', 'the request id of the return');
    return withActionOptions(command, 'retry').action((requestId: string, options: ReturnOptions) =>
      actOnOne(requestId, name, options, context),
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

async function actOnOne(
  requestId: string,
  name: ReturnActionName,
  options: ReturnOptions,
  context: Context,
): Promise<void> {
  const action = checkedReturnAction(name, contentOf(name, options, context));
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

function contentOf(name: ReturnActionName, options: ReturnOptions, context: Context): object {
  const { reason, line = [] } = options;
  const actor = requiredActor(options, context, 'Only an operator may do that: say who');
  return { actor, ...(name === 'decline' ? { reason } : {}), ...(name === 'inspect' ? { lines: line } : {}) };
}

function checkedReturnAction<Name extends ReturnActionName>(name: Name, input: object): ReturnActions[Name] {
  const parsed = parseReturnAction(name, input);
  if (parsed.ok) return parsed.action;
  throw new AppError('bad-input', `That cannot be done to a return: ${optionSentences(parsed.problems)}.`);
}
