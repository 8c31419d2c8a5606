import type { Command } from 'commander';
import { printJson, printRows, type Context, type JsonOption } from '../context.ts';
import { countArgument, factArguments } from '../options/arguments.ts';

interface ListenOptions extends JsonOption {
  readonly all?: boolean;
  readonly count?: number;
}

/** `listen`: facts as they are broadcast. */
export function addListen(program: Command, context: Context): void {
  program
    .command('listen')
    .description('print facts as they are broadcast, until Ctrl-C')
    .argument('[facts...]', 'only these, such as order-shipped; all when left out')
    .option('--all', 'begin with the oldest fact that is kept')
    .option('--count <n>', 'end after so many facts', countArgument)
    .option('--json', 'print one JSON object per fact')
    .action((facts: readonly string[], options: ListenOptions) => listen(facts, options, context));
}

async function listen(names: readonly string[], options: ListenOptions, context: Context): Promise<void> {
  const facts = factArguments(names);
  const [{ withBroker }, { listenToFacts }, { factLine }] = await Promise.all([
    import('../../app/nats.ts'),
    import('../../broker-bridge/facts/listen.ts'),
    import('../print/order-lines.ts'),
  ]);
  const signal = context.interrupted;
  await withBroker({ env: context.env, identity: 'outside-listener', note: context.note }, async (broker) => {
    let left = options.count ?? Number.POSITIVE_INFINITY;
    const since = options.all ? 'all' : 'now';
    for await (const fact of listenToFacts({ broker, facts, since, signal, onForeign: context.note })) {
      if (options.json) printJson(context, fact);
      else context.print(factLine(fact, context.style));
      if (--left <= 0) break;
    }
  });
}

/** `mails`: prints the counts of the e-mail analytics listener. */
export function addMails(program: Command, context: Context): void {
  program
    .command('mails')
    .description('mails sent, refused and bounced, by day and kind, as the e-mail analytics listener counted them')
    .option('--json', 'print one JSON object per line')
    .action((options: JsonOption) => countMails(options, context));
}

async function countMails({ json }: JsonOption, context: Context): Promise<void> {
  const [{ withDatabase }, { mailsPerDay }, { table }] = await Promise.all([
    import('../../app/database.ts'),
    import('../../app/reads/mails.ts'),
    import('../print/table.ts'),
  ]);
  const counts = await withDatabase(context.env, (database) => mailsPerDay(database));
  const headings = [
    { heading: 'day' },
    { heading: 'kind' },
    { heading: 'mails', align: 'right' },
    { heading: 'refused', align: 'right' },
    { heading: 'bounced', align: 'right' },
  ] as const;
  const rows = counts.map(({ day, kind, mails, refused, bounced }) => [
    day,
    kind,
    String(mails),
    withShare(refused, mails + refused),
    withShare(bounced, mails),
  ]);
  const lines = () => table(headings, rows, context.style.dim);
  printRows(counts, { json, none: 'No mail has been counted yet.', lines }, context);
}

/** `3 (1.5 %)`; without the share when there are none. */
const withShare = (part: number, whole: number): string =>
  part === 0 || whole === 0 ? String(part) : `${part} (${((100 * part) / whole).toFixed(1)} %)`;
