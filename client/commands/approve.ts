import type { Command } from 'commander';
import { actorOf, checkedAction, withActionOptions, type ActionOptions } from '../action-options.ts';
import { orderIdArgument } from '../arguments.ts';
import type { Context } from '../context.ts';

/** `approve`: an operator lets a big order go on; to decline it is to cancel it. */
export function addApprove(program: Command, context: Context): void {
  const command = program
    .command('approve')
    .description('approve an order that comes to more than the policy lets pass; an operator only (decline: cancel)')
    .argument('<order>', 'the order id', orderIdArgument);
  withActionOptions(command, 'approve').action((orderId: string, options: ActionOptions) =>
    approve(orderId, options, context),
  );
}

async function approve(orderId: string, options: ActionOptions, context: Context): Promise<void> {
  const action = checkedAction('approve', { actor: actorOf(options, context) });
  const [{ withSources }, { perform }] = await Promise.all([import('../sources.ts'), import('../perform.ts')]);
  await withSources(context.env, (sources) => perform({ sources, orderId, name: 'approve', action, options, context }));
}
