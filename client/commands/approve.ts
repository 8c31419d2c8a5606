import type { Command } from 'commander';
import type { Money } from '../../contracts/money.ts';
import { actorOf, checkedAction, withActionOptions, type ActionOptions } from '../options/action-options.ts';
import { orderIdArgument, totalArgument } from '../options/arguments.ts';
import type { Context } from '../context.ts';

interface ApproveOptions extends ActionOptions {
  readonly total?: Money;
}

/** `approve`: an operator lets a big order go on; to decline it is to cancel it. */
export function addApprove(program: Command, context: Context): void {
  const command = program
    .command('approve')
    .description('approve an order that comes to more than the policy lets pass; an operator only (decline: cancel)')
    .argument('<order>', 'the order id', orderIdArgument)
    .option(
      '--total <amount>',
      'what it came to when you looked; refused when it comes to something else',
      totalArgument,
    );
  withActionOptions(command, 'approve').action((orderId: string, options: ApproveOptions) =>
    approve(orderId, options, context),
  );
}

async function approve(orderId: string, options: ApproveOptions, context: Context): Promise<void> {
  const total = options.total && { total: options.total };
  const action = checkedAction('approve', { actor: actorOf(options, context), ...total });
  const [{ withSources }, { perform }] = await Promise.all([import('../../app/sources.ts'), import('../perform.ts')]);
  await withSources(context.env, (sources) => perform({ sources, orderId, name: 'approve', action, options, context }));
}
