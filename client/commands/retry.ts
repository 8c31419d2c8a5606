import type { Command } from 'commander';
import { actorOf, checkedAction, withActionOptions, type ActionOptions } from '../options/action-options.ts';
import { orderIdArgument } from '../options/arguments.ts';
import type { Context } from '../context.ts';

/** `retry`: an operator has what is held asked again. */
export function addRetry(program: Command, context: Context): void {
  const command = program
    .command('retry')
    .description('ask again what orders are held at; an operator only')
    .argument('<orders...>', 'the order ids');
  withActionOptions(command, 'retry').action((orderIds: readonly string[], options: ActionOptions) =>
    retry([...new Set(orderIds.map(orderIdArgument))], options, context),
  );
}

/** Each order by itself: one that cannot be retried does not keep the others. */
async function retry(orderIds: readonly string[], options: ActionOptions, context: Context): Promise<void> {
  const action = checkedAction('retry', { actor: actorOf(options, context) });
  const [{ withSources }, { perform }, { sentenceOf, AppError }] = await Promise.all([
    import('../../app/sources.ts'),
    import('../perform.ts'),
    import('../../app/app-error.ts'),
  ]);
  await withSources(context.env, async (sources) => {
    let failed = 0;
    for (const orderId of orderIds) {
      try {
        await perform({ sources, orderId, name: 'retry', action, options, context });
      } catch (error) {
        if (orderIds.length === 1 || !(error instanceof AppError)) throw error;
        failed += 1;
        context.note(sentenceOf(error));
      }
    }
    if (failed > 0) throw new AppError('refused', `${failed} of ${orderIds.length} orders were not retried.`);
  });
}
