import type { CaseView } from '../../api/cases.ts';
import type { CaseProblem } from '../../../contracts/repair.ts';
import { placeOf, placesIn, type JsonPlace } from './json-places.ts';
import { layOut } from './lay-out.ts';

/** A problem with the place it has in the text being edited; null when it stands nowhere. */
export interface PlacedProblem {
  readonly field: string;
  readonly message: string;
  readonly place: JsonPlace | null;
}

/** What the editor begins with: as the rules left the message, or as it came, one member to a line. */
export const draftOf = ({ proposal, original }: CaseView): string => layOut((proposal ?? original)?.text ?? '');

/** Why a case's message cannot be edited; null when it can. */
export function whyNotEditable({ original, possible }: CaseView): string | null {
  if (original === null) return 'The case is closed, and the message is not kept.';
  if (original.isCut) return 'The message is over 64 KiB: it can only be discarded.';
  if (!possible.includes('resubmit')) return 'The message can be edited while the case waits for a person.';
  return null;
}

/** The problems, each with where its field stands in this text: of a field that is missing the object it belongs in. */
export function placed(problems: readonly CaseProblem[], text: string): readonly PlacedProblem[] {
  const places = placesIn(text);
  return problems.map(({ field, message }) => ({ field, message, place: placeOf(places, field) }));
}

export const linesOf = (problems: readonly PlacedProblem[]): ReadonlySet<number> =>
  new Set(problems.flatMap(({ place }) => (place ? [place.line] : [])));
