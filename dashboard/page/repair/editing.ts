import type { CaseView } from '../../server/api/cases.ts';
import { draftOf, whyNotEditable } from './draft.ts';
import type { KeptDraft } from './kept-drafts.ts';

/** What the editor shows, and what became of what somebody has written. */
export interface Editing {
  /** In the editor. */
  readonly text: string;
  /** What the case says now: where “Start over” leads. */
  readonly fresh: string;
  /** What the writing began from; another than `fresh` when the case changed meanwhile. */
  readonly begun: string;
  /** How often the case had been resubmitted as it was looked at. */
  readonly seen: number;
  /** `stale`: somebody has written on what the case is no more. */
  readonly standing: 'fresh' | 'edited' | 'stale';
  /** What was written and cannot be sent now, because somebody else was quicker. */
  readonly unsent: string | null;
}

/** How a case is edited on from what was kept of it. */
export function editingOf(found: CaseView, kept: KeptDraft | null): Editing {
  const fresh = draftOf(found);
  const isOpen = whyNotEditable(found) === null;
  const draft = kept !== null && kept.text !== fresh ? kept : null;
  const now = { text: fresh, fresh, begun: fresh, seen: found.resubmissions } as const;
  if (draft === null) return { ...now, standing: 'fresh', unsent: null };
  if (!isOpen) return { ...now, standing: 'fresh', unsent: draft.text };
  return { ...now, ...draft, standing: draft.begun === fresh ? 'edited' : 'stale', unsent: null };
}

/** After another key was pressed. */
export const edited = (editing: Editing, text: string): Editing => ({
  ...editing,
  text,
  standing: editing.standing === 'stale' ? 'stale' : text === editing.fresh ? 'fresh' : 'edited',
});

/** With the case's own text again. */
export const startedOver = (editing: Editing): Editing => ({
  ...editing,
  text: editing.fresh,
  begun: editing.fresh,
  standing: 'fresh',
});
