import type { Command } from 'commander';
import type { CaseState } from '../../contracts/mediators/repair.ts';
import type { AuditMark } from '../../app/reads/audit.ts';
import type { RepairCaseDetails } from '../../app/reads/cases.ts';
import { deadlineOption, requiredActor, type ActionOptions } from '../options/action-options.ts';
import {
  caseIdArgument,
  caseStateArgument,
  headerArgument,
  limitArgument,
  notedArgument,
} from '../options/arguments.ts';
import { printJson, printRows, type Context, type JsonOption } from '../context.ts';
import { AppError } from '../../app/app-error.ts';
import type { CaseActions, CaseActionName } from '../../contracts/mediators/case-actions.ts';

interface ListOptions extends JsonOption {
  readonly limit: number;
  readonly state?: CaseState | 'open';
}

type ActOptions = Omit<ActionOptions, 'updateId'>;

/** `cases`: dead letters, and their repair. */
export function addCases(program: Command, context: Context): void {
  const cases = program
    .command('cases')
    .description('list the repair cases of events that could not be processed, newest first, or act on one')
    .enablePositionalOptions()
    .option('--limit <n>', 'at most so many, 1 to 1000', limitArgument, 20)
    .option('--state <state>', 'only those that are open, or in one state', caseStateArgument)
    .option('--json', 'print one JSON object per line')
    .action((options: ListOptions) => listThem(options, context));
  addReading(cases, context);
  addActing(cases, context);
}

function addReading(cases: Command, context: Context): void {
  cases
    .command('show')
    .description('what is wrong with the message of a case, and every step')
    .argument('<case>', 'the case id', caseIdArgument)
    .option('--body', 'print the message, as it is now, instead; it may hold a card token')
    .option('--json', 'print one JSON object, without the message')
    .action((caseId: string, options: { body?: boolean; json?: boolean }) => showCase(caseId, options, context));
  cases
    .command('verify')
    .description('make every hash of the audit trail anew, and name the first place that does not hold')
    .option('--noted <place:hash>', 'a place noted down elsewhere that must still stand there', notedArgument)
    .option('--json', 'print one JSON object')
    .action((options: { noted?: AuditMark; json?: boolean }) => verify(options, context));
}

function addActing(cases: Command, context: Context): void {
  acting(cases, 'take', 'become the owner of a case').action((caseId: string, options: ActOptions) =>
    actOnOne(caseId, 'take', { actor: actorOn(options, context) }, options, context),
  );
  acting(cases, 'discard', 'give an event up')
    .requiredOption('--reason <text>', 'why, for the audit trail')
    .action((caseId: string, options: ActOptions & { reason: string }) =>
      actOnOne(caseId, 'discard', { actor: actorOn(options, context), reason: options.reason }, options, context),
    );
  acting(cases, 'resubmit', 'send a message back to where it came from')
    .requiredOption('--file <file>', 'the message, as it is to be sent; - for stdin')
    .option(
      '-H, --header <name:value...>',
      'a header put right, as in ce-time:2026-11-23T08:00:00Z; without a value it is left out',
      headerArgument,
    )
    .action(
      async (caseId: string, options: ActOptions & { file: string; header?: Readonly<Record<string, string>> }) => {
        const { readInput } = await import('../options/input-file.ts');
        const actor = actorOn(options, context);
        const body = new TextDecoder().decode((await readInput(options.file)).bytes);
        await actOnOne(
          caseId,
          'resubmit',
          { actor, body, ...(options.header && { headers: options.header }) },
          options,
          context,
        );
      },
    );
}

const acting = (cases: Command, name: CaseActionName, description: string): Command =>
  cases
    .command(name)
    .description(description)
    .argument('<case>', 'the case id', caseIdArgument)
    .option('--actor <name>', 'who acts; required, here or as ORDER_ACTOR')
    .addOption(deadlineOption('how long to wait'))
    .option('--json', 'print one JSON object');

const actorOn = (options: ActOptions, context: Context): string =>
  requiredActor(options, context, 'Say who acts on the case');

async function listThem(options: ListOptions, context: Context): Promise<void> {
  const [{ withDatabase: withRecords }, { listCases }, { caseTable }] = await Promise.all([
    import('../../app/database.ts'),
    import('../../app/reads/cases.ts'),
    import('../print/case-lines.ts'),
  ]);
  const cases = await withRecords(context.env, (database) => listCases(database, options));
  const lines = () => caseTable(cases, context.style);
  printRows(cases, { json: options.json, none: 'There are no such cases.', lines }, context);
}

async function showCase(caseId: string, options: { body?: boolean; json?: boolean }, context: Context): Promise<void> {
  const [{ withDatabase: withRecords }, { keptCase }, { caseSheet }] = await Promise.all([
    import('../../app/database.ts'),
    import('../../app/act-on-case.ts'),
    import('../print/case-lines.ts'),
  ]);
  const found = await withRecords(context.env, (database) => keptCase({ database }, caseId));
  if (options.body) return context.print(messageText(found));
  const { body: _, proposal: __, ...told } = found;
  if (options.json) printJson(context, told);
  else for (const line of caseSheet(found, context.style)) context.print(line);
}

function messageText({ caseId, body, proposal }: RepairCaseDetails): string {
  const bytes = proposal ?? body;
  if (!bytes) throw new AppError('refused', `The case ${caseId} is closed: its message was removed.`);
  return new TextDecoder().decode(bytes);
}

async function verify({ noted, json }: { noted?: AuditMark; json?: boolean }, context: Context): Promise<void> {
  const [{ withDatabase: withRecords }, { verifyAudit }] = await Promise.all([
    import('../../app/database.ts'),
    import('../../app/reads/audit.ts'),
  ]);
  const verdict = await withRecords(context.env, (database) => verifyAudit(database, noted));
  if (json) printJson(context, verdict);
  if (!verdict.ok) {
    throw new AppError('refused', `The audit trail does not hold at place ${verdict.position}: ${verdict.problem}`);
  }
  const { position, hash } = verdict.head;
  if (!json) context.print(`${verdict.steps} steps, the chain holds. To note down elsewhere: ${position}:${hash}`);
}

async function actOnOne<Name extends CaseActionName>(
  caseId: string,
  name: Name,
  action: CaseActions[Name],
  { deadline, json }: ActOptions,
  context: Context,
): Promise<void> {
  const [{ withSources }, { actOnCase }, { fieldSentences }] = await Promise.all([
    import('../../app/sources.ts'),
    import('../../app/act-on-case.ts'),
    import('../../contracts/schemas/problem.ts'),
  ]);
  const taken = await withSources(context.env, (sources) =>
    actOnCase({ sources, caseId, name, action, deadlineMs: deadline }),
  );
  if (json) printJson(context, taken);
  if (!taken.ok) throw new AppError('refused', `The message cannot be sent back: ${fieldSentences(taken.problems)}.`);
  if (!json) context.print(`${caseId}  ${taken.state}`);
}
