import { html, type TemplateResult } from 'lit';
import { ref, type Ref } from 'lit/directives/ref.js';
import type { CaseView } from '../../server/api/cases.ts';
import type { Editing } from './editing.ts';
import { textIn } from '../parts/forms.ts';

/** The case on the page, and what its buttons call. */
export interface CaseControls {
  readonly found: CaseView;
  readonly editing: Editing;
  readonly isBusy: boolean;
  /** True when the text would be taken as it is; null until the server has answered. */
  readonly fits: boolean | null;
  readonly resubmit: () => void;
  readonly layOut: () => void;
  readonly startOver: () => void;
  readonly take: () => void;
  readonly discard: () => void;
}

/** The buttons of the actions that fit now. */
export const caseActions = (controls: CaseControls): TemplateResult => {
  const { found, isBusy } = controls;
  const can = (name: CaseView['possible'][number]) => found.possible.includes(name);
  return html`<div class="actions">
    ${can('resubmit') ? resubmitting(controls) : null}
    ${
      can('take')
        ? html`<button ?disabled=${isBusy} @click=${controls.take}>${found.owner ? 'Take it over' : 'Take it'}</button>`
        : null
    }
    ${can('discard') ? html`<button class="grave" ?disabled=${isBusy} @click=${controls.discard}>Discard …</button>` : null}
    ${
      can('resubmit') && controls.fits === false
        ? html`<span class="quiet small">It can be resubmitted when nothing is wrong any more.</span>`
        : null
    }
  </div>`;
};

const resubmitting = ({ editing, isBusy, fits, resubmit, layOut, startOver }: CaseControls): TemplateResult =>
  html`<button class="primary" ?disabled=${isBusy || fits !== true} @click=${resubmit}>Resubmit</button
    ><button ?disabled=${isBusy} @click=${layOut}>Lay out</button
    ><button ?disabled=${editing.standing === 'fresh'} @click=${startOver}>Start over</button>`;

/** The sentences about a done action. */
export const doneWords = {
  resubmit: 'It was sent back.',
  discard: 'It was discarded.',
  take: 'The case is yours.',
} as const;

/** Asks for the reason before a message is discarded. */
export function discardDialog(
  dialog: Ref<HTMLDialogElement>,
  discard: (reason: string) => Promise<boolean>,
): TemplateResult {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const reason = textIn(new FormData(form), 'reason');
    dialog.value?.close();
    void discard(reason).then((isDone) => isDone && form.reset());
  };
  return html`<dialog ${ref(dialog)} aria-labelledby="discard-title">
    <form @submit=${submit}>
      <h2 id="discard-title">Discard this message?</h2>
      <p class="quiet">
        Nothing will come of it, and its content is not kept. Later events of the same customer go on. This cannot be
        undone.
      </p>
      <label class="field">Why <input name="reason" required maxlength="200" autocomplete="off" /></label>
      <div class="actions">
        <button type="button" @click=${() => dialog.value?.close()}>Keep it</button>
        <button class="grave">Discard</button>
      </div>
    </form>
  </dialog>`;
}
