import { html, type TemplateResult } from 'lit';
import { diffArrays } from 'diff';
import { codePointOf, layOut } from './json-text.ts';

const signs: { readonly [Kind in DiffLine['kind']]: string } = { same: ' ', gone: '−', new: '+' };

/** So many unchanged lines are shown around a change. */
const around = 3;

/**
 * The changes of the edited message to the one that came. Both are laid out alike, so that only their content counts.
 */
export function diffOf(original: string, edited: string): TemplateResult {
  const lines = lineDiff(layOut(original), layOut(edited));
  const changes = lines.filter(({ kind }) => kind !== 'same').length;
  return html`<section class="card" aria-labelledby="diff-title">
    <h2 id="diff-title">Changes to the original</h2>
    ${
      changes === 0
        ? html`<p class="quiet">None yet: it says what it said when it came.</p>`
        : html`<div class="diff" tabindex="0" role="region" aria-label="Changed lines">
            ${near(lines).map(diffLine)}
          </div>`
    }
  </section>`;
}

const diffLine = (line: DiffLine | null): TemplateResult =>
  line === null
    ? html`<div class="diff-line" data-kind="cut">⋯</div>`
    : html`<div class="diff-line" data-kind=${line.kind}>
        <span class="sign">${signs[line.kind]}</span
        ><span class="diff-text">${line.kind === 'same' ? line.text : withNames(line.text)}</span>
      </div>`;

/** Only the lines near a change; null where lines were left out. */
function near(lines: readonly DiffLine[]): readonly (DiffLine | null)[] {
  const isNear = (index: number) => lines.slice(Math.max(0, index - around), index + around + 1).some(isChange);
  return lines.flatMap((line, index) => {
    if (isNear(index)) return [line];
    return index === 0 || isNear(index - 1) ? [null] : [];
  });
}

const isChange = ({ kind }: DiffLine): boolean => kind !== 'same';

/** Shows an invisible character by its name: otherwise a line without it would look as before. */
const withNames = (text: string): string =>
  text.replace(/(?! )[\p{Z}\p{Cf}\p{Cc}]/gu, (character) => `‹${codePointOf(character)}›`);

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
