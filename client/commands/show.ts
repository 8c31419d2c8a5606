import type { Command } from 'commander';
import { orderIdArgument } from '../options/arguments.ts';
import { printJson, type Context } from '../context.ts';

/** `show`: one order with its lines, steps and facts. */
export function addShow(program: Command, context: Context): void {
  program
    .command('show')
    .description(
      'show an order: what it is now, what was asked of whom, what was acknowledged, which facts were broadcast, who did what',
    )
    .argument('<order>', 'the order id', orderIdArgument)
    .option('--json', 'print one JSON object')
    .action((orderId: string, options: { readonly json?: boolean }) => show(orderId, options, context));
}

async function show(orderId: string, { json }: { readonly json?: boolean }, context: Context): Promise<void> {
  const [{ withSources }, { readOrder }, { orderSheet }] = await Promise.all([
    import('../../app/sources.ts'),
    import('../../app/orders.ts'),
    import('../print/order-sheet.ts'),
  ]);
  const { value, note } = await withSources(context.env, (sources) => readOrder(sources, orderId));
  if (note) context.note(note);
  if (json) printJson(context, value);
  else for (const line of orderSheet(value, context.style)) context.print(line);
}
