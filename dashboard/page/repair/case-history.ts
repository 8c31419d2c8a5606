import { html, type TemplateResult } from 'lit';
import type { CaseStep, CaseView } from '../../server/api/cases.ts';
import { timelineList } from '../parts/timeline.ts';
import { wordsOf } from '../parts/words.ts';

/** The audit trail of a case, oldest first. */
export const caseHistory = ({ history }: CaseView): TemplateResult => html`
  <section class="card" aria-labelledby="history-title">
    <h2 id="history-title">History</h2>
    ${timelineList(
      history.map((step) => ({
        tone: tones[step.step] ?? 'none',
        at: step.at,
        title: wordsOf(step.step),
        by: step.actor,
        detail: detailOf(step),
      })),
    )}
  </section>
`;

const tones: Readonly<Record<string, 'good' | 'bad' | 'warn' | 'calm'>> = {
  'handed-over': 'bad',
  returned: 'bad',
  waiting: 'warn',
  resubmitted: 'calm',
  accepted: 'good',
};

/** What the step says, without hashes: those are for the verify command. */
const detailOf = ({ details }: CaseStep): string =>
  Object.entries(details)
    .filter(([name]) => !/hash|bytes/i.test(name))
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' · ');
