import type { Command } from 'commander';
import { eventStates } from '../../contracts/mediators/event-records.ts';
import type { EventClass } from '../../app/reads/events.ts';
import { printJson, type Context } from '../context.ts';

interface ClassesOptions {
  readonly json?: boolean;
}

/** `classes`: initiating events by the class of their mediator. */
export function addClasses(program: Command, context: Context): void {
  program
    .command('classes')
    .description('count initiating events by class and state, and say how long they took from received to complete')
    .option('--json', 'print one JSON object per class')
    .action((options: ClassesOptions) => classes(options, context));
}

async function classes({ json }: ClassesOptions, context: Context): Promise<void> {
  const [{ withDatabase: withRecords }, { eventClasses }, { table }] = await Promise.all([
    import('../../app/database.ts'),
    import('../../app/reads/events.ts'),
    import('../print/table.ts'),
  ]);
  const counted = await withRecords(context.env, (prisma) => eventClasses(prisma));
  if (json) return counted.forEach((one) => printJson(context, one));
  if (counted.length === 0) return context.note('There are no initiating events yet.');
  for (const line of table(columns, counted.map(rowOf), context.style.dim)) context.print(line);
}

const columns = ['class', 'events', ...eventStates, 'p50', 'p95'].map(
  (heading, index) => ({ heading, align: index === 0 ? 'left' : 'right' }) as const,
);

const rowOf = ({ mediatorClass, events, states, p50, p95 }: EventClass): readonly string[] => [
  mediatorClass ?? 'unknown',
  String(events),
  ...eventStates.map((state) => String(states[state])),
  seconds(p50),
  seconds(p95),
];

const seconds = (value: number | null): string => (value === null ? '-' : `${value.toFixed(3)} s`);
