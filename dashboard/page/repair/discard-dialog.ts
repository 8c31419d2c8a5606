import { html, type TemplateResult } from 'lit';
import { ref, type Ref } from 'lit/directives/ref.js';
import { textIn } from '../parts/form-text.ts';

/** Asks why before a message is given up. */
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
