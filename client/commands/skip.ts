import type { Command } from 'commander';
import { actorOf, checkedAction, withActionOptions, type ActionOptions } from '../options/action-options.ts';
import { orderIdArgument } from '../options/arguments.ts';
import type { Context } from '../context.ts';

interface SkipOptions extends ActionOptions {
  readonly command?: string;
}

/** `skip`: an operator lets an order go on without a command that keeps failing. */
export function addSkip(program: Command, context: Context): void {
  const command = program
    .command('skip')
    .description('let a held order go on without a command that may be skipped; an operator only')
    .argument('<order>', 'the order id', orderIdArgument)
    .option('--command <name>', 'which, required: email-customer or order-stock');
  withActionOptions(command, 'skip').action((orderId: string, options: SkipOptions) => skip(orderId, options, context));
}

async function skip(orderId: string, options: SkipOptions, context: Context): Promise<void> {
  const action = checkedAction('skip', { actor: actorOf(options, context), command: options.command });
  const [{ withSources }, { perform }] = await Promise.all([import('../../app/sources.ts'), import('../perform.ts')]);
  await withSources(context.env, (sources) => perform({ sources, orderId, name: 'skip', action, options, context }));
}
