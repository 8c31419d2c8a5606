import { largestRepairable, type CaseProblem } from '../../../contracts/mediators/repair.ts';
import type { CaseView } from '../../server/api/cases.ts';
import { findInvisible, layOut, placesIn, type TextSpan } from '../../shared/json-text.ts';

/** A problem with the place it has in the text being edited; null when it stands nowhere. */
export interface PlacedProblem extends CaseProblem {
  readonly place: TextSpan | null;
}

/** The editor begins with this: the message as the rules left it, or as it came, one member to a line. */
export const draftOf = ({ proposal, original }: CaseView): string => layOutToSend((proposal ?? original)?.text ?? '');

/** Laid out, unless that makes it too large to be sent: then as it is. */
export function layOutToSend(text: string): string {
  const laidOut = layOut(text);
  return new TextEncoder().encode(laidOut).byteLength > largestRepairable ? text : laidOut;
}

/** Why a case's message cannot be edited; null when it can. */
export function whyNotEditable({ original, possible }: CaseView): string | null {
  if (original === null) return 'The case is closed, and the message is not kept.';
  if (original.isCut) return 'The message is over 64 KiB: it can only be discarded.';
  if (!possible.includes('resubmit')) return 'The message can be edited while the case waits for a person.';
  return null;
}

/** The problems, each with its field's place in this text, and an invisible character as a problem of its own. */
export function placed(problems: readonly CaseProblem[], text: string): readonly PlacedProblem[] {
  if (problems.length === 0) return [];
  const places = placesIn(text);
  const invisible = findInvisible(text);
  return [
    ...problems.map(({ field, message }) => ({ field, message, place: places.of(field) })),
    ...(invisible ? [{ field: '', message: invisibleMessage(invisible.name), place: invisible.place }] : []),
  ];
}

const invisibleMessage = (name: string): string =>
  `A character that cannot be seen stands here (${name}); outside of quotes JSON does not know it.`;

export const linesOf = (problems: readonly PlacedProblem[]): ReadonlySet<number> =>
  new Set(problems.flatMap(({ place }) => (place ? [place.line] : [])));
