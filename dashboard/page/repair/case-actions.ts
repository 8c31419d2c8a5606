import { html, type TemplateResult } from 'lit';
import type { CaseView } from '../../server/api/cases.ts';
import type { Editing } from './editing.ts';

/** How the case stands on the page, and what its buttons do. */
export interface CaseActing {
  readonly found: CaseView;
  readonly editing: Editing;
  readonly isBusy: boolean;
  /** Whether the text as it is now would be taken; null while that is asked. */
  readonly fits: boolean | null;
  readonly resubmit: () => void;
  readonly layOut: () => void;
  readonly startOver: () => void;
  readonly take: () => void;
  readonly discard: () => void;
}

/** What can be done to the case now. */
export const caseActions = (acting: CaseActing): TemplateResult => {
  const { found, isBusy } = acting;
  const can = (name: CaseView['possible'][number]) => found.possible.includes(name);
  return html`<div class="actions">
    ${can('resubmit') ? resubmitting(acting) : null}
    ${
      can('take')
        ? html`<button ?disabled=${isBusy} @click=${acting.take}>${found.owner ? 'Take it over' : 'Take it'}</button>`
        : null
    }
    ${can('discard') ? html`<button class="grave" ?disabled=${isBusy} @click=${acting.discard}>Discard …</button>` : null}
    ${
      can('resubmit') && acting.fits === false
        ? html`<span class="quiet small">It can be resubmitted when nothing is wrong any more.</span>`
        : null
    }
  </div>`;
};

const resubmitting = ({ editing, isBusy, fits, resubmit, layOut, startOver }: CaseActing): TemplateResult =>
  html`<button class="primary" ?disabled=${isBusy || fits !== true} @click=${resubmit}>Resubmit</button
    ><button ?disabled=${isBusy} @click=${layOut}>Lay out</button
    ><button ?disabled=${editing.standing === 'fresh'} @click=${startOver}>Start over</button>`;

/** What was done. */
export const doneWords = {
  resubmit: 'It was sent back.',
  discard: 'It was discarded.',
  take: 'The case is yours.',
} as const;
