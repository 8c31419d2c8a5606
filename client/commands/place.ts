import { Option, type Command } from 'commander';
import { deadlineArgument } from '../options/arguments.ts';
import { printJson, type Context } from '../context.ts';
import type { OrderOptions } from '../options/order-request.ts';
import type { PlacedOrder } from '../../app/place.ts';
import { pairs } from '../print/table.ts';

interface PlaceOptions extends OrderOptions {
  readonly deadline: number;
  readonly wait?: boolean;
  readonly json?: boolean;
}

const piecesOfAnOrder = ['customer', 'line', 'card', 'currency', 'name', 'street', 'city', 'postcode', 'country'];

/** `place`: places an order, and prints its ids as soon as it is accepted. */
export function addPlace(program: Command, context: Context): void {
  program
    .command('place')
    .description('place an order; prints its id, request and workflow as soon as it is accepted')
    .option('--customer <id>', 'who orders: c-1 to c-20 in the seeded catalogue')
    .option('--line <isbn:quantity...>', 'a title and how many of it; give one for each title')
    .option(
      '--card <token>',
      'a token of the card gateway, such as card_ok; with one it does not know the order is held',
    )
    .option('--currency <code>', 'what to charge in: EUR, USD or GBP', 'EUR')
    .option('--name <text>', 'who receives it', 'Kim Example')
    .option('--street <text>', 'where to', '1 Example Street')
    .option('--city <text>', 'where to', 'Bergen')
    .option('--postcode <text>', 'where to', '5003')
    .option('--country <code>', 'where to', 'NO')
    .addOption(
      new Option('--file <path>', 'a whole order as JSON instead of the options above; - reads stdin').conflicts(
        piecesOfAnOrder,
      ),
    )
    .option(
      '--request-id <id>',
      '8 to 64 letters, digits, "_" or "-"; asking again under it gives the same order; a new one when left out',
    )
    .addOption(
      new Option('--deadline <seconds>', 'how long to wait for the order id')
        .argParser(deadlineArgument)
        .default(10_000, '10'),
    )
    .option('--wait', 'wait for the end of the order; exit code 1 when it was cancelled')
    .option('--json', 'print one JSON object per line')
    .action((options: PlaceOptions) => place(options, context));
}

async function place(options: PlaceOptions, context: Context): Promise<void> {
  // Temporal's client takes longest to load, so that it loads while the order is read.
  const [{ orderRequest }, { withTemporal }, { placeOrder }, { givenPolicy }] = await Promise.all([
    import('../options/order-request.ts'),
    import('../../app/temporal.ts'),
    import('../../app/place.ts'),
    import('../options/given-policy.ts'),
  ]);
  const event = await orderRequest(options);
  const policy = givenPolicy(context.env);
  await withTemporal(context.env, options.deadline, async (client) => {
    const placed = await placeOrder({ client, event, policy, deadlineMs: options.deadline });
    printPlaced(placed, options, context);
    if (options.wait) await (await import('../wait.ts')).waitForEnd({ client, placed, json: options.json, context });
  });
}

function printPlaced(placed: PlacedOrder, { json }: PlaceOptions, context: Context): void {
  if (json) return printJson(context, placed);
  const { orderId, requestId, workflowId } = placed;
  for (const line of pairs([
    ['order', context.style.bold(orderId)],
    ['request', requestId],
    ['workflow', workflowId],
  ]))
    context.print(line);
}
