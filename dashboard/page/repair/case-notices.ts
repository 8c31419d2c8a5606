import { html, type TemplateResult } from 'lit';
import type { CaseView } from '../../server/api/cases.ts';
import type { Editing } from './editing.ts';

/** What whoever edits has to know before: that somebody else was quicker, and what cannot be seen in the text. */
export const caseNotices = (found: CaseView, editing: Editing, forget: () => void): TemplateResult => html`
  ${
    editing.standing === 'stale'
      ? html`<p class="notice" data-tone="warn" role="status">
          The case has changed since you began to write. Your changes are still here; “Start over” shows what it says
          now.
        </p>`
      : null
  }
  ${editing.unsent === null ? null : unsentDraft(editing.unsent, found, forget)}
  ${
    (found.proposal ?? found.original)?.isUtf8 === false
      ? html`<p class="notice" data-tone="warn">
          These bytes are no UTF-8: what could not be read stands as �. Write what was meant in its place.
        </p>`
      : null
  }
`;

const unsentDraft = (text: string, { closedAt }: CaseView, forget: () => void): TemplateResult =>
  html`<div class="notice" data-tone="warn" role="status">
    <p>
      Somebody else was quicker, and what you have written was not
      sent.${closedAt === null ? ' It comes back into the editor if the case waits for a person again.' : ''}
    </p>
    <details>
      <summary>What you have written</summary>
      <pre class="unsent" tabindex="0">${text}</pre>
    </details>
    <button class="linkish" @click=${forget}>Forget it</button>
  </div>`;
