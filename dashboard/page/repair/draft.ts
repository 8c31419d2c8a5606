import type { CaseView } from '../../server/api/cases.ts';
import type { CaseProblem } from '../../../contracts/mediators/repair.ts';
import { placeOf, placesIn, type JsonPlace } from './json-places.ts';
import { tokensOf } from './json-tokens.ts';
import { layOutToSend } from './lay-out.ts';

/** A problem with the place it has in the text being edited; null when it stands nowhere. */
export interface PlacedProblem {
  readonly field: string;
  readonly message: string;
  readonly place: JsonPlace | null;
}

/** What the editor begins with: as the rules left the message, or as it came, one member to a line. */
export const draftOf = ({ proposal, original }: CaseView): string => layOutToSend((proposal ?? original)?.text ?? '');

/** Why a case's message cannot be edited; null when it can. */
export function whyNotEditable({ original, possible }: CaseView): string | null {
  if (original === null) return 'The case is closed, and the message is not kept.';
  if (original.isCut) return 'The message is over 64 KiB: it can only be discarded.';
  if (!possible.includes('resubmit')) return 'The message can be edited while the case waits for a person.';
  return null;
}

/** The problems, each with where its field stands in this text: of a field that is missing the object it belongs in. */
export function placed(problems: readonly CaseProblem[], text: string): readonly PlacedProblem[] {
  if (problems.length === 0) return [];
  const places = placesIn(text);
  const unseen = unseenIn(text);
  return [
    ...problems.map(({ field, message }) => ({ field, message, place: placeOf(places, field) })),
    ...(unseen ? [{ field: '', message: unseenMessage(unseen), place: unseen.place }] : []),
  ];
}

const unseenMessage = ({ name }: Unseen): string =>
  `A character that cannot be seen stands here (${name}); outside of quotes JSON does not know it.`;

export const linesOf = (problems: readonly PlacedProblem[]): ReadonlySet<number> =>
  new Set(problems.flatMap(({ place }) => (place ? [place.line] : [])));

/** A character that cannot be seen and that JSON does not know between its parts. */
export interface Unseen {
  /** `U+FEFF` */
  readonly name: string;
  readonly place: JsonPlace;
}

/** The first of them outside the quotes; null when there is none. */
export function unseenIn(text: string): Unseen | null {
  for (const { kind, text: piece, at } of tokensOf(text)) {
    const index = kind === 'scalar' ? piece.search(unseenCharacter) : -1;
    if (index === -1) continue;
    const from = at + index;
    const code = (piece.codePointAt(index) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    const line = text.slice(0, from).split('\n').length;
    return { name: `U+${code}`, place: { line, from, to: from + 1 } };
  }
  return null;
}

/** Blanks of other kinds, and what takes no room: a byte order mark, a no-break space, a zero-width joiner, control characters. */
const unseenCharacter = /[\p{Z}\p{Cf}\p{Cc}]/u;
