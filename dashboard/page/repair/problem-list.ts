import { html, type TemplateResult } from 'lit';
import type { CaseView } from '../../server/api/cases.ts';
import type { PlacedProblem } from './draft.ts';

/** What is wrong, each line a way to its field. Screen readers hear when it changes. */
export const problemList = (
  problems: readonly PlacedProblem[],
  { possible }: CaseView,
  goTo: (problem: PlacedProblem) => void,
  fits: boolean | null,
): TemplateResult => html`
  <section class="problems" aria-live="polite" aria-label="What is wrong">
    ${
      problems.length > 0
        ? html`<ul>
            ${problems.map((problem) => html`<li>${fieldOf(problem, goTo)}<span class="breaks">${problem.message}</span></li>`)}
          </ul>`
        : possible.includes('resubmit')
          ? html`<p class="notice ${fits ? 'fits' : ''}">
              ${fits ? 'The message fits its schema: it can be resubmitted.' : 'It is being looked at …'}
            </p>`
          : null
    }
  </section>
`;

const fieldOf = (problem: PlacedProblem, goTo: (problem: PlacedProblem) => void): TemplateResult =>
  problem.place
    ? html`<button class="linkish mono" @click=${() => goTo(problem)}>
        ${problem.field || 'message'}<span class="quiet"> · line ${problem.place.line}</span>
      </button>`
    : html`<span class="mono">${problem.field || 'message'}</span>`;
