import type { Command } from 'commander';
import type { Fact } from '../../contracts/facts.ts';
import { countArgument, factArguments } from '../options/arguments.ts';
import { printJson, type Context } from '../context.ts';

interface ListenOptions {
  readonly all?: boolean;
  readonly count?: number;
  readonly json?: boolean;
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

async function listen(given: readonly string[], options: ListenOptions, context: Context): Promise<void> {
  const facts = factArguments(given);
  const [{ openBroker }, { listenToFacts }, { factLine }] = await Promise.all([
    import('../../app/nats.ts'),
    import('../../broker-bridge/facts/listen.ts'),
    import('../print/fact-line.ts'),
  ]);
  const signal = context.interrupted;
  const broker = await openBroker(context.env, context.note);
  try {
    let left = options.count ?? Number.POSITIVE_INFINITY;
    const since = options.all ? 'all' : 'now';
    for await (const fact of listenToFacts({ broker, facts, since, signal, onForeign: context.note })) {
      print(fact);
      if (--left <= 0) break;
    }
  } finally {
    await broker.close();
  }

  function print(fact: Fact): void {
    if (options.json) printJson(context, fact);
    else context.print(factLine(fact, context.style));
  }
}
