import type { Command } from 'commander';
import type { ActingOnOrder } from '../../app/act-on-order.ts';
import type { OrderActionName } from '../../contracts/mediators/order-actions.ts';
import type { Money } from '../../contracts/money.ts';
import { printJson, type Context } from '../context.ts';
import {
  checkedAction,
  newUpdateId,
  operatorOf,
  withActionOptions,
  type ActionOptions,
} from '../options/action-options.ts';
import { orderIdArgument, totalArgument } from '../options/arguments.ts';
import { holdLines } from '../print/hold-lines.ts';
import { paintedState } from '../print/order-lines.ts';
import { pairs } from '../print/table.ts';

/** The options that only one of these commands has. */
interface OwnOptions {
  readonly total?: Money;
  readonly card?: string;
  readonly command?: string;
  readonly reason?: string;
}

/** `approve`: an operator approves a big order. An operator who declines it cancels it. */
export function addApprove(program: Command, context: Context): void {
  const command = program
    .command('approve')
    .description('approve an order that comes to more than the policy lets pass; an operator only (decline: cancel)')
    .option(
      '--total <amount>',
      'what it came to when you looked; refused when it comes to something else',
      totalArgument,
    );
  addAction(command, 'approve', context, ({ total }) => (total ? { total } : {}));
}

/** `pay`: charges another card for an order that is held at its payment. */
export function addPay(program: Command, context: Context): void {
  const command = program
    .command('pay')
    .description('pay an order that is held at its payment with another card')
    .option('--card <token>', 'a token of the card gateway, such as card_ok; required');
  addAction(command, 'pay', context, ({ card }) => ({ card }));
}

/** `skip`: an operator resumes an order without a command that keeps failing. */
export function addSkip(program: Command, context: Context): void {
  const command = program
    .command('skip')
    .description('let a held order go on without a command that may be skipped; an operator only')
    .option('--command <name>', 'which, required: email-customer or order-stock');
  addAction(command, 'skip', context, (options) => ({ command: options.command }));
}

/** `cancel`: has an order compensated, and answers when that is decided. */
export function addCancel(program: Command, context: Context): void {
  const command = program
    .command('cancel')
    .description('cancel an order: the customer until it is handed over, an operator (--actor) until it ends')
    .option('--reason <text>', 'why, for the customer and the records');
  addAction(command, 'cancel', context, ({ reason = null }) => ({ reason }));
}

/** `retry`: an operator has the held commands called again. */
export function addRetry(program: Command, context: Context): void {
  const command = program
    .command('retry')
    .description('ask again what orders are held at; an operator only')
    .argument('<orders...>', 'the order ids');
  withActionOptions(command, 'retry').action((orderIds: readonly string[], options: ActionOptions) =>
    retryEach([...new Set(orderIds.map(orderIdArgument))], options, context),
  );
}

/** Makes a command act on one order; `contentOf` reads the action's content from the command's own options. */
function addAction(
  command: Command,
  name: OrderActionName,
  context: Context,
  contentOf: (options: OwnOptions) => Readonly<Record<string, unknown>>,
): void {
  command.argument('<order>', 'the order id', orderIdArgument);
  withActionOptions(command, name).action(async (orderId: string, options: ActionOptions & OwnOptions) => {
    const action = checkedAction(name, { actor: operatorOf(options, context), ...contentOf(options) });
    const { withSources } = await import('../../app/sources.ts');
    await withSources(context.env, (sources) => actAndPrint({ sources, orderId, name, action }, options, context));
  });
}

/** Retries each order by itself, so that one that is refused does not stop the others. */
async function retryEach(orderIds: readonly string[], options: ActionOptions, context: Context): Promise<void> {
  const action = checkedAction('retry', { actor: operatorOf(options, context) });
  const [{ withSources }, { sentenceOf, AppError }] = await Promise.all([
    import('../../app/sources.ts'),
    import('../../app/app-error.ts'),
  ]);
  await withSources(context.env, async (sources) => {
    let failed = 0;
    for (const orderId of orderIds) {
      try {
        await actAndPrint({ sources, orderId, name: 'retry', action }, options, context);
      } catch (error) {
        if (orderIds.length === 1 || !(error instanceof AppError)) throw error;
        failed += 1;
        context.note(sentenceOf(error));
      }
    }
    if (failed > 0) throw new AppError('refused', `${failed} of ${orderIds.length} orders were not retried.`);
  });
}

/** Acts on one order, and prints the order's state at that moment and the update id. */
export async function actAndPrint<Name extends OrderActionName>(
  acting: Omit<ActingOnOrder<Name>, 'updateId' | 'deadlineMs'>,
  options: ActionOptions,
  context: Context,
): Promise<void> {
  const { actOnOrder } = await import('../../app/act-on-order.ts');
  const updateId = options.updateId ?? newUpdateId();
  const taken = await actOnOrder({ ...acting, updateId, deadlineMs: options.deadline });
  if (options.json) return printJson(context, { ...taken, updateId });
  const { style } = context;
  const head = pairs([
    ['order', style.bold(taken.orderId)],
    ['state', paintedState(taken.state, style)],
    ['update', updateId],
  ]);
  for (const line of [...head, ...holdLines(taken.holds, style)]) context.print(line);
}
