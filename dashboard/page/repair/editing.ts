import { largestRepairable, restoreCheck } from '../../../contracts/mediators/repair.ts';
import type { CaseView } from '../../server/api/cases.ts';
import { layOut } from './json-text.ts';

/** The editor begins with this: the message as the rules left it, or as it came, one member to a line. */
const draftOf = ({ proposal, original }: CaseView): string => layOutToSend((proposal ?? original)?.text ?? '');

/** Lays the text out, unless that makes it too large to be sent. */
export function layOutToSend(text: string): string {
  const laidOut = layOut(text);
  return new TextEncoder().encode(laidOut).byteLength > largestRepairable ? text : laidOut;
}

/** The reason why a case's message cannot be edited; null when it can. */
export function whyNotEditable({ consumer, original, possible }: CaseView): string | null {
  if (original === null) return 'The case is closed, and the message is not kept.';
  if (consumer === restoreCheck)
    return 'There is no message to send back: look into it, then discard it with what you did.';
  if (!possible.includes('resubmit')) return 'The message can be edited while the case waits for a person.';
  return null;
}

/** A message as it is written: its text, and the headers that were put right, by name. */
export interface Draft {
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The text in the editor with the headers beside it, and its relation to the case. */
export interface Editing extends Draft {
  /** The case's own text now: “Start over” leads to it. */
  readonly fresh: string;
  /** The text that the editing began from; it differs from `fresh` when the case changed meanwhile. */
  readonly begun: string;
  /** The number of the case's resubmissions when it was read. */
  readonly seen: number;
  /** `stale`: the text was edited, and the case has changed since. */
  readonly standing: 'fresh' | 'edited' | 'stale';
  /** An edited text that cannot be sent now, since another person was quicker. */
  readonly unsent: string | null;
}

/** Resumes the editing of a case from its kept draft. */
export function editingOf(found: CaseView, kept: KeptDraft | null): Editing {
  const fresh = draftOf(found);
  const isOpen = whyNotEditable(found) === null;
  const draft = kept !== null && (kept.text !== fresh || areAny(kept.headers)) ? kept : null;
  const now = { text: fresh, headers: {}, fresh, begun: fresh, seen: found.resubmissions } as const;
  if (draft === null) return { ...now, standing: 'fresh', unsent: null };
  if (!isOpen) return { ...now, standing: 'fresh', unsent: draft.text };
  return { ...now, ...draft, standing: draft.begun === fresh ? 'edited' : 'stale', unsent: null };
}

const areAny = (headers: Draft['headers']): boolean => Object.keys(headers).length > 0;

/** The editing after a change of the text, or of headers. */
export function edited(editing: Editing, change: Partial<Draft>): Editing {
  const { text, headers } = { ...editing, ...change };
  const isFresh = text === editing.fresh && !areAny(headers);
  return { ...editing, text, headers, standing: editing.standing === 'stale' ? 'stale' : isFresh ? 'fresh' : 'edited' };
}

/** The editing after a header was written; one that is again what it was is no change. */
export function headerEdited(editing: Editing, { headers }: CaseView, name: string, value: string): Editing {
  const { [name]: _, ...others } = editing.headers;
  return edited(editing, { headers: value === (headers[name] ?? '') ? others : { ...others, [name]: value } });
}

/** The editing with the case's own text again. */
export const startedOver = (editing: Editing): Editing => ({
  ...editing,
  text: editing.fresh,
  headers: {},
  begun: editing.fresh,
  standing: 'fresh',
});

/** An edited message that was not sent. */
export interface KeptDraft extends Draft {
  /** The text that the editing began from. */
  readonly begun: string;
}

/** The part of the tab's storage that is used. */
interface DraftStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/**
 * Drafts of this tab, by their cases: another row, another view and a reload leave them. They are as secret as the
 * messages themselves, so they are gone with the tab, and with the case.
 */
export class KeptDrafts {
  readonly #storage: DraftStorage;
  /** Drafts of this page; the browser may have had no room for one of them. */
  readonly #here = new Map<string, KeptDraft>();

  constructor(storage: DraftStorage) {
    this.#storage = storage;
  }

  of(caseId: string): KeptDraft | null {
    const here = this.#here.get(caseId);
    if (here) return here;
    const kept = this.#storage.getItem(draftKey(caseId));
    return kept === null ? null : (JSON.parse(kept) as KeptDraft);
  }

  /** Keeps a draft, unless it changes nothing. Throws when the browser has no room for it: then a reload loses it. */
  keep(caseId: string, { text, headers, begun }: KeptDraft): void {
    this.forget(caseId);
    if (text === begun && !areAny(headers)) return;
    this.#here.set(caseId, { text, headers, begun });
    this.#storage.setItem(draftKey(caseId), JSON.stringify({ text, headers, begun }));
  }

  forget(caseId: string): void {
    this.#here.delete(caseId);
    this.#storage.removeItem(draftKey(caseId));
  }
}

const draftKey = (caseId: string): string => `desk-draft ${caseId}`;
