import { Command, CommanderError } from 'commander';
import { addAmend } from './commands/amend.ts';
import { addCases } from './commands/cases.ts';
import { addBrake, addChannels, addRelease } from './commands/channels.ts';
import { addClasses, addSend } from './commands/events.ts';
import { addListeners } from './commands/listeners.ts';
import { addListen, addMails } from './commands/facts.ts';
import { addApprove, addCancel, addPay, addRetry, addSkip } from './commands/order-actions.ts';
import { addHolds, addList, addShow } from './commands/orders.ts';
import { addPlace } from './commands/place.ts';
import { addPrice, addPrices } from './commands/prices.ts';
import { addReturn, addReturns } from './commands/returns.ts';
import { addWatch } from './commands/watch.ts';
import { addWebhooks } from './commands/webhooks.ts';
import type { Context } from './context.ts';
import { legible } from '../contracts/reading/legible.ts';
import { sentenceOf, AppError } from '../app/app-error.ts';

/**
 * Runs one command line and resolves with its exit code: 0; 2 when the input cannot be used; 1 for every other error.
 * An error is one line on stderr. Each command loads its modules only when it runs.
 */
export async function runClient(argv: readonly string[], context: Context): Promise<number> {
  try {
    await program(legibly(context)).parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return exitOf(error, context);
    context.note(sentenceOf(error));
    return error instanceof AppError ? error.exitCode : 1;
  }
}

/** Text of customers may turn the line around it, or hide a part. JSON is written so that it does not. */
const legibly = (context: Context): Context =>
  Object.create(context, {
    print: { value: (line: string) => context.print(legible(line)) },
    note: { value: (line: string) => context.note(legible(line)) },
  }) as Context;

function program(context: Context): Command {
  const client = new Command('client')
    .description('places orders and shows what becomes of them')
    .exitOverride()
    .enablePositionalOptions() // an option belongs to the command it stands behind: `cases` and `cases show` both have --json
    .configureOutput({ writeOut: (text) => context.print(text.trimEnd()), writeErr: () => undefined })
    .showHelpAfterError(false);
  for (const add of commands) add(client, context);
  return client;
}

/**
 * In the order of the help: following orders, acting on them, the queue, the channels, the listeners' records, prices.
 */
const commands = [addPlace, addWatch, addShow, addList, addHolds].concat(
  [addApprove, addPay, addAmend, addRetry, addSkip, addCancel],
  [addReturns, addReturn],
  [addSend, addClasses, addListeners, addCases],
  [addChannels, addBrake, addRelease],
  [addMails, addListen, addWebhooks],
  [addPrice, addPrices],
);

function exitOf(error: CommanderError, context: Context): number {
  if (error.exitCode === 0) return 0; // the help that was asked for
  const isBare = error.code === 'commander.help';
  context.note(
    isBare
      ? 'Say what to do: place, watch, show, list, holds, approve, pay, amend, retry, skip, cancel, returns, return, send, classes, listeners, cases, channels, brake, release, mails, listen, webhooks, price or prices (--help tells more).'
      : withoutPrefix(error),
  );
  return 2;
}

/** Commander's own sentence begins with "error: " and may add a suggestion on a second line. */
const withoutPrefix = (error: CommanderError): string => sentenceOf(error).replace(/^error: /, '');
