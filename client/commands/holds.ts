import type { Command } from 'commander';
import type { HoldReason } from '../../contracts/mediators/holds.ts';
import { limitArgument, reasonArgument } from '../options/arguments.ts';
import { printJson, type Context } from '../context.ts';

interface HoldsOptions {
  readonly limit: number;
  readonly reason?: HoldReason;
  readonly json?: boolean;
}

/** `holds`: what orders wait for, and what would help. */
export function addHolds(program: Command, context: Context): void {
  program
    .command('holds')
    .description('list the orders that wait for somebody, longest first: why, since when, until when, what would help')
    .option('--limit <n>', 'at most so many orders, 1 to 1000', limitArgument, 100)
    .option(
      '--reason <reason>',
      'only those held for approval, payment, stock, address, packing, fault or undo',
      reasonArgument,
    )
    .option('--json', 'print one JSON object per hold')
    .action((options: HoldsOptions) => holds(options, context));
}

async function holds(options: HoldsOptions, context: Context): Promise<void> {
  const [{ withDatabase: withRecords }, { heldOrders }, { heldTable }, { holdOf }] = await Promise.all([
    import('../../app/database.ts'),
    import('../../app/reads/orders.ts'),
    import('../print/hold-lines.ts'),
    import('../../app/order-view.ts'),
  ]);
  const orders = await withRecords(context.env, (prisma) => heldOrders(prisma, options));
  if (orders.length === 0) context.note('There are no such orders.');
  else if (!options.json) for (const line of heldTable(orders, context.style)) context.print(line);
  else {
    const each = orders.flatMap((order) => order.holds.map((hold) => ({ order, hold })));
    for (const { order, hold } of each) {
      printJson(context, { orderId: order.orderId, customerId: order.customerId, ...holdOf(hold) });
    }
  }
}
