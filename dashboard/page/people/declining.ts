import { html, type TemplateResult } from 'lit';
import { textIn } from '../parts/form-text.ts';

/** Declines only after a second step, which asks why. */
export const declining = (words: string, usually: string, decline: (reason: string) => void): TemplateResult => {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    decline(textIn(new FormData(event.target as HTMLFormElement), 'reason'));
  };
  return html`<details>
    <summary class="button">${words} …</summary>
    <form class="stack" @submit=${submit}>
      <label class="field"
        >Why, for the customer <input name="reason" required maxlength="200" autocomplete="off" value=${usually}
      /></label>
      <div class="actions"><button class="grave">${words}</button></div>
    </form>
  </details>`;
};
