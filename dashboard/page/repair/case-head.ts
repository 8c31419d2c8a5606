import { html, type TemplateResult } from 'lit';
import type { CaseView } from '../../server/api/cases.ts';
import { stateBadge, wordsOf } from '../parts/words.ts';
import { workflowLink } from '../shell/session.ts';

/** What the case is about: why it is here, since when, whose it is. */
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
      ${workflowRow(found.workflowId)}
    </dl>
    <details>
      <summary>Headers of the message</summary>
      <dl class="facts-of headers">
        ${Object.entries(found.headers).map(
          ([name, value]) =>
            html`<dt class="mono">${name}</dt>
              <dd class="mono">${value}</dd>`,
        )}
      </dl>
    </details>
  </header>
`;

const workflowRow = (workflowId: string): TemplateResult => {
  const link = workflowLink(workflowId);
  return html`<dt>Workflow</dt>
    <dd>
      ${
        link
          ? html`<a href=${link} target="_blank" rel="noreferrer">${workflowId}</a>`
          : html`<span class="mono">${workflowId}</span>`
      }
    </dd>`;
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
