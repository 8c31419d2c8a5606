import { html, type TemplateResult } from 'lit';

/** The text of a field, without blanks around it; empty when the form has no such field. */
export function textIn(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

/** Handles the fields of a form that is submitted, instead of sending them. */
export const onSubmit =
  (handle: (form: FormData) => void) =>
  (event: SubmitEvent): void => {
    event.preventDefault();
    handle(new FormData(event.target as HTMLFormElement));
  };

/** A button that declines only after a second step, which asks for the reason. */
export const declineForm = (
  words: string,
  usually: string,
  decline: (reason: string) => void,
  label = 'Why, for the customer',
): TemplateResult =>
  html`<details>
    <summary class="button">${words} …</summary>
    <form class="stack" @submit=${onSubmit((form) => decline(textIn(form, 'reason')))}>
      <label class="field"
        >${label} <input name="reason" required maxlength="200" autocomplete="off" value=${usually}
      /></label>
      <div class="actions"><button class="grave">${words}</button></div>
    </form>
  </details>`;
