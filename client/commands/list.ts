import type { Command } from 'commander';
import type { OrderState } from '../../contracts/mediators/order-mediator.ts';
import { limitArgument, stateArgument } from '../options/arguments.ts';
import { printJson, type Context } from '../context.ts';

interface ListOptions {
  readonly limit: number;
  readonly state?: OrderState;
  readonly json?: boolean;
}

/** `list`: the newest orders. */
export function addList(program: Command, context: Context): void {
  program
    .command('list')
    .description('list orders, newest first')
    .option('--limit <n>', 'at most so many, 1 to 1000', limitArgument, 20)
    .option('--state <state>', 'only those that are open, held, compensating, completed or cancelled', stateArgument)
    .option('--json', 'print one JSON object per line')
    .action((options: ListOptions) => list(options, context));
}

async function list(options: ListOptions, context: Context): Promise<void> {
  const [{ withSources }, { readOrders }, { orderTable }] = await Promise.all([
    import('../../app/sources.ts'),
    import('../../app/orders.ts'),
    import('../print/order-lines.ts'),
  ]);
  const { value: orders, note } = await withSources(context.env, (sources) => readOrders(sources, options));
  if (note) context.note(note);
  if (options.json) for (const order of orders) printJson(context, order);
  else if (orders.length === 0) context.note('There are no such orders.');
  else for (const line of orderTable(orders, context.style)) context.print(line);
}
