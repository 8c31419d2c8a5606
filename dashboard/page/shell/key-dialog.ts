import { html, type TemplateResult } from 'lit';
import { ref, type Ref } from 'lit/directives/ref.js';
import { keyHelp } from './keys.ts';

/** What each key does. */
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
