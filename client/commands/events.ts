import type { Command } from 'commander';
import { AppError } from '../../app/app-error.ts';
import type { EventClass } from '../../app/reads/events.ts';
import { eventStates } from '../../contracts/mediators/event-records.ts';
import { printJson, printRows, type Context, type JsonOption } from '../context.ts';
import { deadlineOption } from '../options/action-options.ts';
import { windowArgument } from '../options/arguments.ts';
import { pairs } from '../print/table.ts';
import type { SendSettings } from '../send/send-from.ts';

type SendOptions = SendSettings & JsonOption;

/** `send`: puts initiating events into the customer-event queue. */
export function addSend(program: Command, context: Context): void {
  program
    .command('send')
    .description('put initiating events into the queue: one CloudEvent as JSON, or one a line; ends when all are kept')
    .argument('<file>', 'what to send; - reads stdin')
    .option('--report <path>', 'write what was acknowledged and what not; again with the same path sends only the rest')
    .option('--window <n>', 'at most so many events unacknowledged at a time, 1 to 1024', windowArgument, 64)
    .addOption(deadlineOption('how long a full queue or a silent NATS is asked again'))
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

/** `classes`: initiating events by the class of their mediator. */
export function addClasses(program: Command, context: Context): void {
  program
    .command('classes')
    .description('count initiating events by class and state, and say how long they took from received to complete')
    .option('--json', 'print one JSON object per class')
    .action((options: JsonOption) => countClasses(options, context));
}

async function countClasses({ json }: JsonOption, context: Context): Promise<void> {
  const [{ withDatabase }, { eventClasses }, { table }] = await Promise.all([
    import('../../app/database.ts'),
    import('../../app/reads/events.ts'),
    import('../print/table.ts'),
  ]);
  const counted = await withDatabase(context.env, (database) => eventClasses(database));
  const lines = () => table(classColumns, counted.map(classCells), context.style.dim);
  printRows(counted, { json, none: 'There are no initiating events yet.', lines }, context);
}

const classColumns = ['class', 'events', ...eventStates, 'p50', 'p95'].map(
  (heading, index) => ({ heading, align: index === 0 ? 'left' : 'right' }) as const,
);

const classCells = ({ mediatorClass, events, states, p50, p95 }: EventClass): readonly string[] => [
  mediatorClass ?? 'unknown',
  String(events),
  ...eventStates.map((state) => String(states[state])),
  latency(p50),
  latency(p95),
];

const latency = (value: number | null): string => (value === null ? '-' : `${value.toFixed(3)} s`);
