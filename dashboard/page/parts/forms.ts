import { html, type TemplateResult } from 'lit';

/** The text of a field, without blanks around it; empty when the form has no such field. */
export function textIn(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

/** A button that declines only after a second step, which asks for the reason. */
export const declineForm = (words: string, usually: string, decline: (reason: string) => void): TemplateResult => {
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
