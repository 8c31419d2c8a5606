import type { Command } from 'commander';
import { limitArgument } from '../options/arguments.ts';
import { printJson, type Context } from '../context.ts';

interface ReturnsOptions {
  readonly limit: number;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `returns`: what customers send back, and what each return waits for. */
export function addReturns(program: Command, context: Context): void {
  program
    .command('returns')
    .description('list the returns that wait for somebody, longest first: what for, since when, until when')
    .option('--limit <n>', 'at most so many returns, 1 to 1000', limitArgument, 100)
    .option('--all', 'the newest returns, whatever they wait for')
    .option('--json', 'print one JSON object per return')
    .action((options: ReturnsOptions) => returns(options, context));
}

async function returns({ limit, all, json }: ReturnsOptions, context: Context): Promise<void> {
  const [{ withDatabase: withRecords }, { listReturns }, { returnTable }] = await Promise.all([
    import('../../app/database.ts'),
    import('../../app/reads/returns.ts'),
    import('../print/return-lines.ts'),
  ]);
  const found = await withRecords(context.env, (prisma) => listReturns(prisma, { waiting: !all, limit }));
  if (json) for (const one of found) printJson(context, one);
  else if (found.length === 0) context.note('There are no such returns.');
  else for (const line of returnTable(found, context.style)) context.print(line);
}
