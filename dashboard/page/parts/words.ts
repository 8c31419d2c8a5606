import { html, type TemplateResult } from 'lit';
import { workflowLink } from '../shell/session.ts';

export type Tone = 'good' | 'warn' | 'bad' | 'calm' | 'none';

const tones: Readonly<Record<string, Tone>> = {
  completed: 'good',
  repaired: 'good',
  complete: 'good',
  done: 'good',
  running: 'calm',
  paused: 'warn',
  stopping: 'warn',
  stopped: 'warn',
  held: 'warn',
  waiting: 'warn',
  'awaiting-approval': 'warn',
  'awaiting-inspection': 'warn',
  'awaiting-parcel': 'calm',
  compensating: 'warn',
  'dead-lettered': 'bad',
  refused: 'bad',
  bounced: 'bad',
  failed: 'bad',
  open: 'calm',
  resubmitted: 'calm',
  repairing: 'calm',
  started: 'calm',
  refunding: 'calm',
};

/** A state as a badge: its word, and a colour beside it. */
export const stateBadge = (state: string, tone: Tone = tones[state] ?? 'none'): TemplateResult =>
  html`<span class="badge" data-tone=${tone}>${wordsOf(state)}</span>`;

/** Turns a name of the contracts into words: `awaiting-approval` into `awaiting approval`. */
export const wordsOf = (name: string): string =>
  name
    .replaceAll('-', ' ')
    .replace(/\bjson\b/, 'JSON')
    .replace(/\butf8\b/, 'UTF-8');

export const capital = (word: string): string => `${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`;

export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${wholeNumber.format(count)} ${count === 1 ? one : many}`;

const wholeNumber = new Intl.NumberFormat('en-GB');

export const numberOf = (value: number): string => wholeNumber.format(value);

/** A notice that there is nothing to show, with advice. */
export const emptyState = (title: string, text: string): TemplateResult =>
  html`<div class="empty">
    <strong>${title}</strong>
    <p>${text}</p>
  </div>`;

/** An error, shown where it happened. */
export const troubleNotice = (message: string | null): TemplateResult | null =>
  message === null ? null : html`<p class="notice" data-tone="bad" role="alert">${message}</p>`;

/** The id of a workflow, which leads to Temporal's Web UI where there is one. */
export function workflowName(workflowId: string): TemplateResult {
  const link = workflowLink(workflowId);
  return link
    ? html`<a class="mono" href=${link} target="_blank" rel="noreferrer">${workflowId}</a>`
    : html`<span class="mono">${workflowId}</span>`;
}
