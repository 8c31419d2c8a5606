import { html, type TemplateResult } from 'lit';
import { instantOf, newDayAt, timeOf } from './ages.ts';
import type { Tone } from './words.ts';

/** One line of a timeline. */
export interface TimelineLine {
  readonly tone: Tone;
  /** ISO 8601; null when the instant is not known. */
  readonly at: string | null;
  readonly title: string;
  /** The actor; null when there is none. */
  readonly by: string | null;
  readonly detail: string | null;
}

/** The lines, oldest first; each day is printed above its first line. */
export const timelineList = (lines: readonly TimelineLine[]): TemplateResult =>
  html`<ol class="timeline">
    ${lines.map((line, index) => {
      const day = newDayAt(
        lines.map(({ at }) => at),
        index,
      );
      return html`${day ? html`<li class="timeline-day">${day}</li>` : null}${timelineItem(line)}`;
    })}
  </ol>`;

const timelineItem = ({ tone, at, title, by, detail }: TimelineLine): TemplateResult =>
  html`<li data-tone=${tone}>
    ${at ? html`<time datetime=${at} title=${instantOf(at)}>${timeOf(at)}</time>` : html`<span></span>`}
    <div>
      <span class="timeline-title">${title}</span>${by ? html`<span class="quiet"> by ${by}</span>` : null}
      ${detail ? html`<span class="timeline-detail quiet breaks">${detail}</span>` : null}
    </div>
  </li>`;
