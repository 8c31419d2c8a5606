import type { Command } from 'commander';
import type { HoldReason } from '../../contracts/mediators/holds.ts';
import type { OrderState } from '../../contracts/mediators/order-mediator.ts';
import { printJson, printRows, type Context, type JsonOption } from '../context.ts';
import { limitArgument, orderIdArgument, reasonArgument, stateArgument } from '../options/arguments.ts';

/** `show`: one order with its lines, steps and facts. */
export function addShow(program: Command, context: Context): void {
  program
    .command('show')
    .description(
      'show an order: what it is now, what was asked of whom, what was acknowledged, which facts were broadcast, who did what',
    )
    .argument('<order>', 'the order id', orderIdArgument)
    .option('--json', 'print one JSON object')
    .action((orderId: string, options: JsonOption) => showOrder(orderId, options, context));
}

async function showOrder(orderId: string, { json }: JsonOption, context: Context): Promise<void> {
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

interface ListOptions extends JsonOption {
  readonly limit: number;
  readonly state?: OrderState;
}

/** `list`: the newest orders. */
export function addList(program: Command, context: Context): void {
  program
    .command('list')
    .description('list orders, newest first')
    .option('--limit <n>', 'at most so many, 1 to 1000', limitArgument, 20)
    .option('--state <state>', 'only those that are open, held, compensating, completed or cancelled', stateArgument)
    .option('--json', 'print one JSON object per line')
    .action((options: ListOptions) => listOrders(options, context));
}

async function listOrders(options: ListOptions, context: Context): Promise<void> {
  const [{ withSources }, { readOrders }, { orderTable }] = await Promise.all([
    import('../../app/sources.ts'),
    import('../../app/orders.ts'),
    import('../print/order-lines.ts'),
  ]);
  const { value: orders, note } = await withSources(context.env, (sources) => readOrders(sources, options));
  if (note) context.note(note);
  const lines = () => orderTable(orders, context.style);
  printRows(orders, { json: options.json, none: 'There are no such orders.', lines }, context);
}

interface HoldsOptions extends JsonOption {
  readonly limit: number;
  readonly reason?: HoldReason;
}

/** `holds`: the holds of orders, and the ways out. */
export function addHolds(program: Command, context: Context): void {
  program
    .command('holds')
    .description('list the orders that wait for somebody, longest first: why, since when, until when, what would help')
    .option('--limit <n>', 'at most so many orders, 1 to 1000', limitArgument, 100)
    .option(
      '--reason <reason>',
      'only those held for approval, payment, stock, address, packing, fault or compensation',
      reasonArgument,
    )
    .option('--json', 'print one JSON object per hold')
    .action((options: HoldsOptions) => listHolds(options, context));
}

async function listHolds(options: HoldsOptions, context: Context): Promise<void> {
  const [{ withDatabase }, { heldOrders }, { heldTable }, { holdOf }] = await Promise.all([
    import('../../app/database.ts'),
    import('../../app/reads/orders.ts'),
    import('../print/hold-lines.ts'),
    import('../../app/order-view.ts'),
  ]);
  const orders = await withDatabase(context.env, (database) => heldOrders(database, options));
  if (orders.length === 0) context.note('There are no such orders.');
  else if (!options.json) for (const line of heldTable(orders, context.style)) context.print(line);
  else {
    const each = orders.flatMap(({ orderId, customerId, holds }) =>
      holds.map((hold) => ({ orderId, customerId, ...holdOf(hold) })),
    );
    for (const hold of each) printJson(context, hold);
  }
}
