import { legible } from '../../../contracts/reading/legible.ts';
import { html, type TemplateResult } from 'lit';
import type { CaseStep } from '../../../contracts/views.ts';
import type { CaseView } from '../../server/api/cases.ts';
import { capital, stateBadge, wordsOf, workflowName, type Tone } from '../parts/words.ts';
import type { Editing } from './editing.ts';
import { timelineList } from '../parts/timeline.ts';

/** The head of a case: its reason, its age, its owner. */
export const caseHead = (found: CaseView): TemplateResult => html`
  <header class="case-head">
    <a class="back" href="#/repair">← All cases</a>
    <div class="page-head">
      <h1>${capital(wordsOf(found.reason))}</h1>
      ${stateBadge(found.state)}
    </div>
    <p class="breaks">${found.message}</p>
    <dl class="facts-of">
      <dt>Case</dt>
      <dd class="mono">${found.caseId}</dd>
      <dt>Came to</dt>
      <dd>${found.consumer} <span class="quiet">on</span> <span class="mono">${found.subject}</span></dd>
      <dt>Open since</dt>
      <dd><desk-age at=${found.openedAt}></desk-age>${found.closedAt ? ', closed' : ''}</dd>
      <dt>Customer</dt>
      <dd>${found.customerId ?? 'not known'}</dd>
      <dt>Owner</dt>
      <dd>${found.owner ?? 'nobody yet'}</dd>
      <dt>Rules applied</dt>
      <dd>${found.rule ?? 'none fits'}</dd>
      <dt>Workflow</dt>
      <dd>${workflowName(found.workflowId)}</dd>
    </dl>
    <details>
      <summary>Headers of the message</summary>
      <dl class="facts-of headers">
        ${Object.entries(found.headers).map(
          ([name, value]) =>
            html`<dt class="mono">${legible(name)}</dt>
              <dd class="mono">${value}</dd>`,
        )}
      </dl>
    </details>
  </header>
`;

/** Warnings for the editor: another person was quicker, or the text holds bytes that cannot be shown. */
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
    found.original?.isCut
      ? html`<p class="notice" data-tone="warn">
          The message is over 64 KiB, the most that can be sent: only its beginning is here. Write it shorter.
        </p>`
      : null
  }
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

/** The audit trail of a case, oldest first. */
export const caseHistory = ({ history }: CaseView): TemplateResult => html`
  <section class="card" aria-labelledby="history-title">
    <h2 id="history-title">History</h2>
    ${timelineList(
      history.map((step) => ({
        tone: stepTones[step.step] ?? 'none',
        at: step.at,
        title: wordsOf(step.step),
        by: step.actor,
        detail: detailOf(step),
      })),
    )}
  </section>
`;

const stepTones: { readonly [Step in CaseStep['step']]?: Tone } = {
  'handed-over': 'bad',
  returned: 'bad',
  waiting: 'warn',
  resubmitted: 'calm',
  accepted: 'good',
};

/** The details of a step without hashes, which are for the verify command. */
const detailOf = ({ details }: CaseStep): string =>
  Object.entries(details)
    .filter(([name]) => !/hash|bytes/i.test(name))
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' · ');
