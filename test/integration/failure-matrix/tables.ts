import { readFileSync } from 'node:fs';
import { refusalTypes, type RefusalType } from '../../../contracts/failures.ts';
import { expiryOf, heldFor, helpWith, holdReasons, type HoldReason } from '../../../contracts/mediators/holds.ts';
import {
  cancelledBy,
  cases,
  cellOf,
  howOf,
  testedCommands,
  troubleNames,
  troubles,
  undoings,
  type Cell,
  type Trouble,
} from './matrix.ts';

/** The generated parts of docs/failures.md: each stands between a begin and an end mark with its name. */
export const tables: { readonly [Name in 'refusals' | 'holds' | 'causes' | 'matrix']: () => string } = {
  refusals: () => tableOf(['refusal', 'what it says', 'what follows'], refusalTypes.map(refusalRow)),
  holds: () =>
    tableOf(['held for', 'after', 'what helps', 'when nobody helps until the deadline'], holdReasons.map(holdRow)),
  causes: () => tableOf(['what happens', 'with', 'how'], troubles.flatMap(causeRows)),
  matrix: () => `${tableOf(matrixHead, matrixRows())}\n\nThese are ${cases.length} orders.`,
};

/** The mark that begins or ends a generated part. */
export const markOf = (where: 'begin' | 'end', name: string): string => `<!-- ${where} ${name} -->`;

const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const contract = readFileSync(new URL('../../../contracts/failures.ts', import.meta.url), 'utf8');

/** The contract's own comment on a refusal, on one line. */
function meaningOf(type: RefusalType): string {
  const [, comment] = new RegExp(String.raw`/\*\*((?:(?!\*/)[\s\S])*)\*/\s+${type}: \{`).exec(contract) ?? [];
  if (comment === undefined) throw new Error(`contracts/failures.ts says nothing of ${type}: give it a comment.`);
  return comment.replaceAll(/\s+\*?\s*/g, ' ').trim();
}

/** What follows from a refusal that does not hold the order. */
const endsWith: { readonly [Type in RefusalType]?: string } = {
  RequestIdTaken: 'the request is refused; nothing is kept of it',
  CustomerBusy: 'the order waits until that event is complete, and asks again',
  UnknownCustomer: 'the request, or the event, is refused; nothing is kept of it',
  UnknownMail: 'the event is refused: it becomes a repair case',
  CustomerIdTaken: 'the event is refused: it becomes a repair case',
  NotReturnable: 'the return is refused: its event becomes a repair case',
  UnknownTitle: 'the request is refused, or the amendment, or the new price; nothing changes',
  UnknownCard: 'the action `pay` is refused; the order stays held',
  Superseded: 'nobody waits for it: a later round has the answer',
  AlreadyUndone:
    'nobody waits for it: the order is undone; with `create-order` of an order that was lost, the compensation is completed',
};

function refusalRow(type: RefusalType): readonly string[] {
  const held = heldFor[type];
  const follows = held ? `the order is held for \`${held}\`` : endsWith[type];
  if (follows === undefined) throw new Error(`Say in tables.ts what follows from ${type}.`);
  return [`\`${type}\``, meaningOf(type), follows];
}

function holdRow(reason: HoldReason): readonly string[] {
  const refusals = refusalTypes.filter((type) => heldFor[type] === reason).map((type) => `\`${type}\``);
  const after = refusals.length > 0 ? refusals.join(', ') : otherReasons[reason];
  if (after === undefined) throw new Error(`Say in tables.ts what leads to a hold for ${reason}.`);
  const expiry = reason === 'compensation' ? 'there is no deadline' : `undone: “${expiryOf[reason]}”`;
  return [`\`${reason}\``, after, helpWith[reason], expiry];
}

const otherReasons: { readonly [Reason in HoldReason]?: string } = {
  approval:
    'a total above the limit of the policy, before anything is charged; a suspicion of fraud, before the next step',
  fault: 'a command that failed past its retry time, or a lasting fault',
  compensation: 'a compensation command that failed past its retry time, or a lasting fault of one',
};

/** A row for each way a trouble is brought about, with the commands it is the way for. */
function causeRows(trouble: Trouble): readonly (readonly string[])[] {
  const hows = [...new Set(testedCommands.flatMap((tested) => howOf(tested, trouble) ?? []))];
  return hows.map((how) => {
    const alike = testedCommands.filter((tested) => howOf(tested, trouble) === how);
    const names = new Set(alike.map(({ command }) => `\`${command}\``));
    return [troubleNames[trouble], [...names].join(', '), how];
  });
}

const matrixHead = ['command', 'what happens', 'left alone', 'undone by', 'undo works', 'each undo fails twice first'];

const matrixRows = (): readonly (readonly string[])[] =>
  testedCommands.flatMap((tested) =>
    troubles.map((trouble) => {
      const cells = undoings.map((undo) => cellOf(tested, trouble, undo));
      const [alone = '', works = '', failsTwice = ''] = cells.map(textOf);
      const isUndone = cells.some((cell) => 'end' in cell && cell.end === 'cancelled');
      const by = isUndone ? undoneBy[cancelledBy({ tested, trouble }) ?? 'nobody'] : '–';
      return [
        `\`${tested.command}\`${tested.kind ? ` (${tested.kind})` : ''}`,
        troubleNames[trouble],
        alone,
        by,
        works,
        failsTwice,
      ];
    }),
  );

function textOf(cell: Cell): string {
  if ('cannotBe' in cell) return `cannot be: ${cell.cannotBe}`;
  return cell.because ? `${cell.end}: ${cell.because}` : cell.end;
}

const undoneBy = {
  customer: "the customer's cancel",
  operator: "an operator's cancel",
  nobody: "the hold's deadline",
} as const;
