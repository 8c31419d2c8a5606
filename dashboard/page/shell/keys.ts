import { html, type TemplateResult } from 'lit';
import { ref, type Ref } from 'lit/directives/ref.js';

/** The keys of the page, as `?` shows them. */
const keyHelp: readonly (readonly [keys: string, what: string])[] = [
  ['j  k', 'Down and up in a list; the arrow keys do the same'],
  ['Home  End', 'The first and the last; a list of orders too long for that is sorted the other way round'],
  ['Enter', 'Open'],
  ['Esc', 'Close what is open, back to the list'],
  ['/', 'Search'],
  ['x', 'Select an order; Shift+x all up to it'],
  ['1 … 7', 'Repair, orders, flow, people, mails, webhooks, lab'],
  ['t', 'Light, dark, as the system'],
  ['?', 'These keys'],
];

/** True while a field has the focus: keys are letters then. */
export const isWriting = (event: KeyboardEvent): boolean => {
  const target = event.composedPath()[0];
  return (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    (target instanceof HTMLElement && (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable))
  );
};

/** The step of a key in a list: 1 or -1 for a neighbour, an infinity for an end; 0 when the key does not move. */
export const keyStep = (key: string): number =>
  ({ j: 1, ArrowDown: 1, k: -1, ArrowUp: -1, Home: -Infinity, End: Infinity, PageDown: 10, PageUp: -10 })[key] ?? 0;

/** Moves the focus among the rows of a list: each carries `data-row`. */
export function moveFocus(list: HTMLElement | null | undefined, event: KeyboardEvent): void {
  const step = keyStep(event.key);
  const rows = [...(list?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
  if (step === 0 || rows.length === 0) return;
  const now = rows.findIndex((row) => row.contains(document.activeElement));
  const wanted = now === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, now + step));
  event.preventDefault();
  rows[wanted]?.focus();
}

/** The dialog with all keys. */
export const keyDialog = (dialog: Ref<HTMLDialogElement>): TemplateResult =>
  html`<dialog ${ref(dialog)} aria-labelledby="keys-title">
    <div>
      <h2 id="keys-title">Keys</h2>
      <dl class="keys">
        ${keyHelp.map(
          ([keys, what]) =>
            html`<dt>${keys.split('  ').map((key) => html`<kbd>${key}</kbd> `)}</dt>
              <dd>${what}</dd>`,
        )}
      </dl>
      <div class="actions"><button class="primary" @click=${() => dialog.value?.close()}>Close</button></div>
    </div>
  </dialog>`;
