import { legible } from '../../../contracts/reading/legible.ts';
import { html, type TemplateResult } from 'lit';
import { ref, type Ref } from 'lit/directives/ref.js';
import { caseActions, type CaseControls } from './case-actions.ts';
import { faultyLines, type PlacedProblem } from './problems.ts';
import { edited, headerEdited, startedOver, type Editing, layOutToSend, whyNotEditable } from './editing.ts';
import type { DeskEditor, EditedEvent } from './editor.ts';
import type { CaseView } from '../../server/api/cases.ts';

/** The message of a case in its editor, and the actions on it. */
export interface MessageCard extends Omit<CaseControls, 'layOut' | 'startOver'> {
  readonly editor: Ref<DeskEditor>;
  readonly problems: readonly PlacedProblem[];
  readonly edit: (editing: Editing) => void;
}

/** Shows the message; one that cannot be edited says why. */
export function messageCard(card: MessageCard): TemplateResult {
  const { found, editing, edit } = card;
  const why = whyNotEditable(found);
  const startOver = (): void => edit(startedOver(editing));
  const layOut = (): void => edit(edited(editing, { text: layOutToSend(editing.text) }));
  return html`<section class="card" aria-labelledby="message-title">
    <div class="page-head">
      <h2 id="message-title">${why === null ? 'Message, to be put right' : 'Message'}</h2>
      ${why === null ? null : html`<span class="quiet small">${why}</span>`}
    </div>
    ${
      found.original === null
        ? null
        : html`<desk-editor
            ${ref(card.editor)}
            .text=${editing.text}
            .faulty=${faultyLines(card.problems)}
            .readOnly=${why !== null}
            @edited=${(event: EditedEvent) => edit(edited(editing, { text: event.detail }))}
          ></desk-editor>`
    }
    ${why === null ? headerFields(card) : null} ${caseActions({ ...card, layOut, startOver })}
  </section>`;
}

/** The headers that a person may put right. */
const headerFields = ({ found, editing, problems, edit }: MessageCard): TemplateResult =>
  html`<details class="headers" ?open=${problems.some(({ field }) => found.correctable.includes(field))}>
    <summary>Headers, to be put right (an empty one is left out)</summary>
    <div class="fields">
      ${found.correctable.map(
        (name) =>
          html`<label class="field mono"
            >${name}
            <input
              maxlength="500"
              autocomplete="off"
              spellcheck="false"
              .value=${editing.headers[name] ?? found.headers[name] ?? ''}
              @input=${(event: Event) =>
                edit(headerEdited(editing, found, name, (event.target as HTMLInputElement).value))}
          /></label>`,
      )}
    </div>
  </details>`;

/** The problems; each one leads to its field. Screen readers hear when the list changes. */
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

const fieldName = ({ field }: PlacedProblem): string => legible(field) || 'message';

const fieldOf = (problem: PlacedProblem, goTo: (problem: PlacedProblem) => void): TemplateResult =>
  problem.place
    ? html`<button class="linkish mono" @click=${() => goTo(problem)}>
        ${fieldName(problem)}<span class="quiet"> · line ${problem.place.line}</span>
      </button>`
    : html`<span class="mono">${fieldName(problem)}</span>`;
