import { Option, type Command } from 'commander';
import { deadlineArgument, windowArgument } from '../options/arguments.ts';
import { printJson, type Context } from '../context.ts';
import type { SendSettings } from '../send/send-from.ts';
import { pairs } from '../print/table.ts';
import { AppError } from '../../app/app-error.ts';

interface SendOptions extends SendSettings {
  readonly json?: boolean;
}

/** `send`: puts initiating events into the customer-event queue. */
export function addSend(program: Command, context: Context): void {
  program
    .command('send')
    .description('put initiating events into the queue: one CloudEvent as JSON, or one a line; ends when all are kept')
    .argument('<file>', 'what to send; - reads stdin')
    .option('--report <path>', 'write what was acknowledged and what not; again with the same path sends only the rest')
    .option('--window <n>', 'at most so many events unacknowledged at a time, 1 to 1024', windowArgument, 64)
    .addOption(
      new Option('--deadline <seconds>', 'how long a full queue or a silent NATS is asked again')
        .argParser(deadlineArgument)
        .default(10_000, '10'),
    )
    .option('--check', 'refuse here what does not fit the schema of its event, instead of having it repaired')
    .option('--json', 'print one JSON object: sent, acknowledged, refused')
    .action((file: string, options: SendOptions) => send(file, options, context));
}

async function send(file: string, options: SendOptions, context: Context): Promise<void> {
  const { sendFrom } = await import('../send/send-from.ts');
  const { tally, missing } = await sendFrom(file, options, context);
  const { sent, acknowledged, refused, before } = tally;
  if (options.json) printJson(context, { sent, acknowledged, refused });
  else {
    const counts = { sent, acknowledged, refused, ...(before > 0 ? { 'acknowledged before': before } : {}) };
    for (const line of pairs(Object.entries(counts).map(([name, n]) => [name, String(n)]))) context.print(line);
  }
  if (missing !== undefined) throw new AppError('refused', missing);
}
