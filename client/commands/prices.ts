import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { HeardPrice } from '../../broker-bridge/facts/prices.ts';
import { formatMoney, type Money } from '../../contracts/money.ts';
import { printJson, type Context, type JsonOption } from '../context.ts';
import { deadlineOption } from '../options/action-options.ts';
import { countArgument, isbnArgument, priceArgument, requestIdArgument } from '../options/arguments.ts';
import { clock, pairs } from '../print/table.ts';
import type { Style } from '../print/style.ts';

interface PriceOptions extends JsonOption {
  readonly requestId?: string;
  readonly deadline: number;
}

/** `price`: changes the price of a title in one currency. */
export function addPrice(program: Command, context: Context): void {
  program
    .command('price')
    .description('change the price of a title in one currency; orders that are placed keep theirs')
    .argument('<isbn>', 'the title', isbnArgument)
    .argument('<amount>', 'the new price, such as "EUR 21.00"', priceArgument)
    .option(
      '--request-id <id>',
      'asking again under it changes nothing twice; a new one when left out',
      requestIdArgument,
    )
    .addOption(deadlineOption('how long to wait for the answer'))
    .option('--json', 'print one JSON object')
    .action((isbn: string, price: Money, options: PriceOptions) => change({ isbn, price }, options, context));
}

async function change(
  asked: { readonly isbn: string; readonly price: Money },
  { requestId = `price-${randomUUID()}`, deadline, json }: PriceOptions,
  context: Context,
): Promise<void> {
  const [{ withTemporal }, { changePrice }] = await Promise.all([
    import('../../app/temporal.ts'),
    import('../../app/change-price.ts'),
  ]);
  const stored = await withTemporal(context.env, deadline, (client) =>
    changePrice({ client, ...asked, requestId, deadlineMs: deadline }),
  );
  if (json) return printJson(context, { ...stored, requestId });
  const { isbn, price, before, isChanged } = stored;
  const lines = pairs([
    ['title', isbn],
    ['price', context.style.bold(formatMoney(price))],
    ['before', isChanged ? formatMoney(before) : 'the same: nothing was changed'],
    ['request', requestId],
  ]);
  for (const line of lines) context.print(line);
}

interface FollowOptions extends JsonOption {
  readonly count?: number;
}

/** `prices`: the last price of each title, then each new one. */
export function addPrices(program: Command, context: Context): void {
  program
    .command('prices')
    .description('print the last prices that were told, then new ones as they come, until Ctrl-C')
    .argument('[isbns...]', 'only these titles; all when left out')
    .option('--count <n>', 'end after so many prices', countArgument)
    .option('--json', 'print one JSON object per price')
    .action((isbns: readonly string[], options: FollowOptions) => follow(isbns.map(isbnArgument), options, context));
}

async function follow(isbns: readonly string[], { count, json }: FollowOptions, context: Context): Promise<void> {
  const [{ withBroker }, { followPrices }] = await Promise.all([
    import('../../app/nats.ts'),
    import('../../broker-bridge/facts/prices.ts'),
  ]);
  await withBroker({ env: context.env, identity: 'outside-listener', note: context.note }, async (broker) => {
    let left = count ?? Number.POSITIVE_INFINITY;
    for await (const heard of followPrices({ broker, isbns, signal: context.interrupted })) {
      if (json) printJson(context, { ...heard.fact, from: heard.from });
      else context.print(priceLine(heard, context.style));
      if (--left <= 0) break;
    }
  });
}

/** One price on one line: its instant, the title, and its price in every currency, the changed one in bold. */
function priceLine({ from, fact }: HeardPrice, style: Style): string {
  const { price, prices } = fact.body;
  const all = prices.map((one) =>
    one.currency === price.currency ? style.bold(formatMoney(one)) : style.dim(formatMoney(one)),
  );
  return `${clock(fact.time)}  ${from === 'kept' ? 'last' : 'new '}  ${fact.key}  ${all.join('  ')}`;
}
