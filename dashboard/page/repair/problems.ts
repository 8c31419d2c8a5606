import type { CaseProblem } from '../../../contracts/mediators/repair.ts';
import type { Draft } from './editing.ts';
import { findInvisible, placesIn, type TextSpan } from './json-text.ts';

/** A problem with its place in the text being edited; null when it has no place there. */
export interface PlacedProblem extends CaseProblem {
  readonly place: TextSpan | null;
}

/**
 * The problems, each with its field's place in this text, or in a broken text where it stops being JSON; and an
 * invisible character as a problem of its own.
 */
export function placed(problems: readonly CaseProblem[], text: string): readonly PlacedProblem[] {
  if (problems.length === 0) return [];
  const places = placesIn(text);
  const invisible = findInvisible(text);
  return [
    ...problems.map(({ field, message }) => {
      const place = places.of(field);
      return { field, message, place: place && (places.stoppedAt ?? place) };
    }),
    ...(invisible ? [{ field: '', message: invisibleMessage(invisible.name), place: invisible.place }] : []),
  ];
}

const invisibleMessage = (name: string): string =>
  `A character that cannot be seen stands here (${name}); outside of quotes JSON does not know it.`;

export const faultyLines = (problems: readonly PlacedProblem[]): ReadonlySet<number> =>
  new Set(problems.flatMap(({ place }) => (place ? [place.line] : [])));

/** The problems of the message in the editor, as far as the server has checked it. */
export class DraftCheck {
  #reported: readonly CaseProblem[] = [];
  #problems: readonly PlacedProblem[] = [];
  #checked: string | null = null;

  get problems(): readonly PlacedProblem[] {
    return this.#problems;
  }

  /** Until the server has answered: the problems that the case came with. */
  assume(problems: readonly CaseProblem[], text: string): void {
    this.#checked = null;
    this.#keep(problems, text);
  }

  /** The text was edited: its problems stay until the server has checked it. */
  follow(text: string): void {
    this.#keep(this.#reported, text);
  }

  /** The server's answer about this message. */
  answered(problems: readonly CaseProblem[], draft: Draft): void {
    this.#checked = keyOf(draft);
    this.#keep(problems, draft.text);
  }

  isAnswered(draft: Draft): boolean {
    return this.#checked === keyOf(draft);
  }

  /** True when the message would be taken as it is; null until the server has answered. */
  fits(draft: Draft): boolean | null {
    return this.#problems.length > 0 ? false : this.isAnswered(draft) || null;
  }

  #keep(problems: readonly CaseProblem[], text: string): void {
    this.#reported = problems;
    this.#problems = placed(problems, text);
  }
}

const keyOf = ({ text, headers }: Draft): string => JSON.stringify([text, headers]);
