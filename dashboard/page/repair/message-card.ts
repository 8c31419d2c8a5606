import { html, type TemplateResult } from 'lit';
import { ref, type Ref } from 'lit/directives/ref.js';
import { caseActions, type CaseActing } from './case-actions.ts';
import { layOutToSend, linesOf, whyNotEditable, type PlacedProblem } from './draft.ts';
import { edited, startedOver, type Editing } from './editing.ts';
import type { DeskEditor, EditedEvent } from './editor.ts';

/** The message of a case in its editor, and what can be done with it. */
export interface MessageCard extends Omit<CaseActing, 'layOut' | 'startOver'> {
  readonly editor: Ref<DeskEditor>;
  readonly problems: readonly PlacedProblem[];
  readonly edit: (editing: Editing) => void;
}

/** Shows it; what cannot be edited now says why. */
export function messageCard(card: MessageCard): TemplateResult {
  const { found, editing, edit } = card;
  const why = whyNotEditable(found);
  const startOver = (): void => edit(startedOver(editing));
  const layOut = (): void => edit(edited(editing, layOutToSend(editing.text)));
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
            .faulty=${linesOf(card.problems)}
            .readOnly=${why !== null}
            @edited=${(event: EditedEvent) => edit(edited(editing, event.detail))}
          ></desk-editor>`
    }
    ${caseActions({ ...card, layOut, startOver })}
  </section>`;
}
