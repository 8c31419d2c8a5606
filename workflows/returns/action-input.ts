import type { OrderLine } from '../../contracts/place-order.ts';
import type { InspectedLine, ReturnActionName, ReturnActions } from '../../contracts/mediators/returns-mediator.ts';

/*
 * What an action must look like. The desk and the client check it by schema; an update may also come from elsewhere (the Web UI, the Temporal CLI), and what
 * is wrong with it must not reach the return. Each returns a sentence, or undefined when it may be taken.
 */

type Wrong = string | undefined;

/** What is wrong with an action on a return of these lines, as one sentence. */
export function whatIsWrong<Name extends ReturnActionName>(
  action: Name,
  input: ReturnActions[Name] | undefined,
  asked: readonly OrderLine[],
): Wrong {
  if (typeof input !== 'object' || input === null) return `The action ${action} needs its content as one object.`;
  if (!isText(input.actor, 64)) return 'The name of who acts must be one line of 1 to 64 characters.';
  if (action === 'decline') return wrongReason((input as ReturnActions['decline']).reason);
  return action === 'inspect' ? wrongLines((input as ReturnActions['inspect']).lines, asked) : undefined;
}

const wrongReason = (reason: unknown): Wrong =>
  isText(reason, 200) ? undefined : 'The reason must be one line of 1 to 200 characters.';

function wrongLines(lines: readonly InspectedLine[] | undefined, asked: readonly OrderLine[]): Wrong {
  if (!Array.isArray(lines)) return 'Say of each title how many are accepted, and how many of those can be sold again.';
  if (new Set(lines.map((line: InspectedLine | null) => line?.isbn)).size < lines.length) {
    return 'Every title stands on one line only.';
  }
  for (const line of lines as readonly (InspectedLine | null)[]) {
    const most = asked.find(({ isbn }) => isbn === line?.isbn)?.quantity;
    if (!line || most === undefined) return 'Only titles of the return can be accepted.';
    if (!isCount(line.accepted, most)) return `Of ${line.isbn} a whole number from 0 to ${most} can be accepted.`;
    if (!isCount(line.sellable, line.accepted)) {
      return `Of ${line.isbn} a whole number from 0 to ${line.accepted} can be sold again.`;
    }
  }
  return undefined;
}

const isCount = (value: unknown, most: number): boolean =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most;

const isText = (value: unknown, longest: number): boolean =>
  typeof value === 'string' && new RegExp(`^(?=.*\\S)[^\\p{Cc}\\p{Cs}\\u2028\\u2029]{1,${longest}}$`, 'u').test(value);
