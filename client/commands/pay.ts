import type { Command } from 'commander';
import { actorOf, checkedAction, withActionOptions, type ActionOptions } from '../options/action-options.ts';
import { orderIdArgument } from '../options/arguments.ts';
import type { Context } from '../context.ts';

interface PayOptions extends ActionOptions {
  readonly card?: string;
}

/** `pay`: charges another card for an order that is held at its payment. */
export function addPay(program: Command, context: Context): void {
  const command = program
    .command('pay')
    .description('pay an order that is held at its payment with another card')
    .argument('<order>', 'the order id', orderIdArgument)
    .option('--card <token>', 'a token of the card gateway, such as card_ok; required');
  withActionOptions(command, 'pay').action((orderId: string, options: PayOptions) => pay(orderId, options, context));
}

async function pay(orderId: string, options: PayOptions, context: Context): Promise<void> {
  const action = checkedAction('pay', { actor: actorOf(options, context), card: options.card });
  const [{ withSources }, { perform }] = await Promise.all([import('../../app/sources.ts'), import('../perform.ts')]);
  await withSources(context.env, (sources) => perform({ sources, orderId, name: 'pay', action, options, context }));
}
