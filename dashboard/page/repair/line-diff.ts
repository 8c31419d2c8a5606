/** A line of the comparison of two texts. */
export interface DiffLine {
  readonly kind: 'same' | 'gone' | 'new';
  readonly text: string;
}

/** A table of more cells than this is not made: what changed is then shown as one block gone and one new. */
const mostCells = 4_000_000;

/** What became of the lines of a text: the longest run of common lines stays, the rest is gone or new. */
export function lineDiff(before: string, after: string): readonly DiffLine[] {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  const head = commonLength(old, fresh);
  const tail = commonLength(old.slice(head).toReversed(), fresh.slice(head).toReversed());
  const middle = changes(old.slice(head, old.length - tail), fresh.slice(head, fresh.length - tail));
  return [...lines('same', old.slice(0, head)), ...middle, ...lines('same', old.slice(old.length - tail))];
}

const lines = (kind: DiffLine['kind'], texts: readonly string[]): readonly DiffLine[] =>
  texts.map((text) => ({ kind, text }));

function commonLength(one: readonly string[], other: readonly string[]): number {
  const index = one.findIndex((line, at) => line !== other[at]);
  return index === -1 ? one.length : index;
}

function changes(old: readonly string[], fresh: readonly string[]): readonly DiffLine[] {
  if (old.length * fresh.length > mostCells) return [...lines('gone', old), ...lines('new', fresh)];
  const lengths = commonTable(old, fresh);
  const result: DiffLine[] = [];
  let [left, right] = [0, 0];
  while (left < old.length && right < fresh.length) {
    if (old[left] === fresh[right]) result.push({ kind: 'same', text: old[left] ?? '' });
    const isGone = old[left] !== fresh[right] && at(lengths, left + 1, right) >= at(lengths, left, right + 1);
    if (isGone) result.push({ kind: 'gone', text: old[left] ?? '' });
    else if (old[left] !== fresh[right]) result.push({ kind: 'new', text: fresh[right] ?? '' });
    const isSame = old[left] === fresh[right];
    if (isSame || isGone) left += 1;
    if (isSame || !isGone) right += 1;
  }
  return [...result, ...lines('gone', old.slice(left)), ...lines('new', fresh.slice(right))];
}

const at = (table: readonly Uint16Array[], row: number, column: number): number => table[row]?.[column] ?? 0;

/** How many lines the rest of both texts have in common, from each pair of lines on. */
function commonTable(old: readonly string[], fresh: readonly string[]): readonly Uint16Array[] {
  const table = Array.from({ length: old.length + 1 }, () => new Uint16Array(fresh.length + 1));
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = fresh.length - 1; column >= 0; column -= 1) {
      const isSame = old[row] === fresh[column];
      const best = isSame
        ? 1 + at(table, row + 1, column + 1)
        : Math.max(at(table, row + 1, column), at(table, row, column + 1));
      (table[row] as Uint16Array)[column] = best;
    }
  }
  return table;
}
