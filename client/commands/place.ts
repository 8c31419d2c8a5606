import type { Client } from '@temporalio/client';
import { Option, type Command } from 'commander';
import { AppError } from '../../app/app-error.ts';
import { deadlineOption } from '../options/action-options.ts';
import { printJson, type Context, type JsonOption } from '../context.ts';
import type { OrderOptions } from '../options/order-request.ts';
import type { PlacedOrder, Placing } from '../../app/place.ts';
import type { Asked } from '../../app/progress.ts';
import { paintedState } from '../print/order-lines.ts';
import { pairs } from '../print/table.ts';

interface PlaceOptions extends OrderOptions, JsonOption {
  readonly deadline: number;
  readonly wait?: boolean;
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
    .addOption(deadlineOption('how long to wait for the order id'))
    .option('--wait', 'wait for the end of the order; exit code 1 when it was cancelled')
    .option('--json', 'print one JSON object per line')
    .action((options: PlaceOptions) => placeOne(options, context));
}

async function placeOne(options: PlaceOptions, context: Context): Promise<void> {
  // Temporal's client takes longest to load, so it loads while the order is read.
  const [{ givenPolicy, orderRequest }, { withTemporal }, { placeOrder }] = await Promise.all([
    import('../options/order-request.ts'),
    import('../../app/temporal.ts'),
    import('../../app/place.ts'),
  ]);
  const event = await orderRequest(options);
  const policy = givenPolicy(context.env);
  const place = (database?: Placing['database']) =>
    withTemporal(context.env, options.deadline, async (client) => {
      const placed = await placeOrder({ client, event, policy, database, deadlineMs: options.deadline });
      printPlaced(placed, options, context);
      if (options.wait) await waitForEnd({ client, placed, json: options.json, context });
    });
  if (policy.lane !== 'compact') return place();
  const { withDatabase } = await import('../../app/database.ts');
  return withDatabase(context.env, place);
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

interface Waiting {
  readonly client: Client;
  readonly placed: PlacedOrder;
  readonly json: boolean | undefined;
  readonly context: Context;
}

/**
 * Waits until the order has ended and prints its outcome. Meanwhile it tells of holds and the ways out. Throws an
 * `AppError` when the order was cancelled.
 */
async function waitForEnd({ client, placed, json, context }: Waiting): Promise<void> {
  const { followOrder, outcomeOf } = await import('../../app/progress.ts');
  const ended = new AbortController();
  const follow = followOrder({ client, workflowId: placed.workflowId, interrupted: ended.signal, everyMs: 500 });
  const telling = tellOfHolds(follow, placed.orderId, context);
  const { outcome, reason } = await outcomeOf(client, placed).finally(() => ended.abort());
  await telling;
  if (json) printJson(context, { ...placed, state: outcome, reason });
  else context.print(`state     ${paintedState(outcome, context.style)}`);
  if (outcome === 'cancelled') throw new AppError('cancelled', `Order ${placed.orderId} was cancelled: ${reason}`);
}

/**
 * Tells of each hold in one line as it comes. A silent mediator is asked again. The end of the order is awaited
 * elsewhere.
 */
async function tellOfHolds(follow: AsyncIterable<Asked>, orderId: string, context: Context): Promise<void> {
  const told = new Set<string>();
  for await (const asked of follow) {
    const holds = asked.answer === 'progress' ? asked.progress.holds : [];
    for (const { command, since, message, help } of holds.filter(({ since: at }) => !told.has(at))) {
      told.add(since);
      context.note(`Order ${orderId} is held at ${command}: ${message} ${help}`);
    }
  }
}
