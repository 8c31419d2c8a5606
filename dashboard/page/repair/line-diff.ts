import { diffArrays } from 'diff';

/** A line of the comparison of two texts. */
export interface DiffLine {
  readonly kind: 'same' | 'gone' | 'new';
  readonly text: string;
}

/** Texts with more changed lines are not compared: all of one is then gone and all of the other new. */
const mostChanges = 1_000;

/** Compares two texts line by line. */
export function lineDiff(before: string, after: string): readonly DiffLine[] {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  const changes = diffArrays(old, fresh, { maxEditLength: mostChanges });
  if (!changes) return [...linesAs('gone', old), ...linesAs('new', fresh)];
  return changes.flatMap(({ value, added, removed }) => linesAs(removed ? 'gone' : added ? 'new' : 'same', value));
}

const linesAs = (kind: DiffLine['kind'], texts: readonly string[]): readonly DiffLine[] =>
  texts.map((text) => ({ kind, text }));
