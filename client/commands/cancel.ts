import type { Command } from 'commander';
import { actorOf, checkedAction, withActionOptions, type ActionOptions } from '../options/action-options.ts';
import { orderIdArgument } from '../options/arguments.ts';
import type { Context } from '../context.ts';

interface CancelOptions extends ActionOptions {
  readonly reason?: string;
}

/** `cancel`: has an order undone; answers when that is decided. */
export function addCancel(program: Command, context: Context): void {
  const command = program
    .command('cancel')
    .description('cancel an order: the customer until it is handed over, an operator (--actor) until it ends')
    .argument('<order>', 'the order id', orderIdArgument)
    .option('--reason <text>', 'why, for the customer and the records');
  withActionOptions(command, 'cancel').action((orderId: string, options: CancelOptions) =>
    cancel(orderId, options, context),
  );
}

async function cancel(orderId: string, options: CancelOptions, context: Context): Promise<void> {
  const action = checkedAction('cancel', { actor: actorOf(options, context), reason: options.reason ?? null });
  const [{ withSources }, { perform }] = await Promise.all([import('../../app/sources.ts'), import('../perform.ts')]);
  await withSources(context.env, (sources) => perform({ sources, orderId, name: 'cancel', action, options, context }));
}
