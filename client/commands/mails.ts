import type { Command } from 'commander';
import { printJson, type Context } from '../context.ts';

/** `mails`: what the e-mail analytics listener has counted. */
export function addMails(program: Command, context: Context): void {
  program
    .command('mails')
    .description('mails sent, by day and kind, as the e-mail analytics listener counted them')
    .option('--json', 'print one JSON object per line')
    .action((options: { readonly json?: boolean }) => mails(options, context));
}

async function mails({ json }: { readonly json?: boolean }, context: Context): Promise<void> {
  const [{ withDatabase: withRecords }, { mailsPerDay }, { table }] = await Promise.all([
    import('../../app/database.ts'),
    import('../../app/reads/mails.ts'),
    import('../print/table.ts'),
  ]);
  const counts = await withRecords(context.env, (prisma) => mailsPerDay(prisma));
  if (json) return counts.forEach((count) => printJson(context, count));
  if (counts.length === 0) return context.note('No mail has been counted yet.');
  const rows = counts.map(({ day, kind, mails: sent }) => [day, kind, String(sent)]);
  const columns = [{ heading: 'day' }, { heading: 'kind' }, { heading: 'mails', align: 'right' }] as const;
  for (const line of table(columns, rows, context.style.dim)) context.print(line);
}
