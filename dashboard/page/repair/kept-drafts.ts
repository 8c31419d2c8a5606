/** What somebody has written and not sent. */
export interface KeptDraft {
  readonly text: string;
  /** What the editor began with. */
  readonly begun: string;
}

/** The tab's storage, as far as it is needed. */
interface Place {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/**
 * Drafts of this tab, by their cases: another row, another view and a reload leave them. They are as secret as the messages themselves, so they are
 * gone with the tab, and with the case.
 */
export class KeptDrafts {
  readonly #place: Place;
  /** What the browser had no room for stays until the reload. */
  readonly #here = new Map<string, KeptDraft>();

  constructor(place: Place) {
    this.#place = place;
  }

  of(caseId: string): KeptDraft | null {
    const here = this.#here.get(caseId);
    if (here) return here;
    const kept = this.#place.getItem(keyOf(caseId));
    return kept === null ? null : (JSON.parse(kept) as KeptDraft);
  }

  /** Keeps it; a draft that changes nothing is none. Throws when the browser has no room for it: then a reload loses it. */
  keep(caseId: string, { text, begun }: KeptDraft): void {
    this.forget(caseId);
    if (text === begun) return;
    this.#here.set(caseId, { text, begun });
    this.#place.setItem(keyOf(caseId), JSON.stringify({ text, begun }));
  }

  forget(caseId: string): void {
    this.#here.delete(caseId);
    this.#place.removeItem(keyOf(caseId));
  }
}

const keyOf = (caseId: string): string => `desk-draft ${caseId}`;
