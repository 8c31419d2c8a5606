import { html, type PropertyValues } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import type { CaseTaken, CaseView, CheckedMessage } from '../../server/api/cases.ts';
import { DeskElement } from '../parts/desk-element.ts';
import { troubleNotice, wordsOf } from '../parts/words.ts';
import { act } from '../shell/act.ts';
import { onLive } from '../shell/live.ts';
import { change, errorMessage, read, RequestError } from '../shell/request.ts';
import { showToast } from '../shell/toasts.ts';
import { doneWords, discardDialog } from './case-actions.ts';
import { caseHead, caseHistory, caseNotices } from './case-facts.ts';
import { diffOf } from './diff-view.ts';
import { DraftCheck, type PlacedProblem } from './problems.ts';
import { type Draft, editingOf, type Editing, KeptDrafts, whyNotEditable } from './editing.ts';
import type { DeskEditor } from './editor.ts';
import { messageCard, problemList } from './message-card.ts';

const drafts = new KeptDrafts(sessionStorage);

/** `<desk-case>`: one case, with its message, its problems, and the actions on it. */
export class DeskCase extends DeskElement {
  static override readonly properties = { caseId: {} };
  declare caseId: string;

  readonly #editor = createRef<DeskEditor>();
  readonly #discarding = createRef<HTMLDialogElement>();
  readonly #article = createRef<HTMLElement>();
  #case: CaseView | null = null;
  #editing: Editing | null = null;
  readonly #check = new DraftCheck();
  #checking: ReturnType<typeof setTimeout> | undefined;
  #isBusy = false;
  #wantsFocus = false;

  override connectedCallback(): void {
    super.connectedCallback();
    const isMine = (changed: readonly string[], isCut: boolean) => isCut || changed.includes(this.caseId);
    this.whileShown(onLive('cases', ({ changed, isCut }) => void (isMine(changed, isCut) && this.#renew())));
    this.whileShown(onLive('hello', () => this.#renew()));
    this.whileShown(() => clearTimeout(this.#checking));
    if (this.hasUpdated) this.#renew();
  }

  /** A case that was opened from the list takes the focus. */
  focusWhenRead(): void {
    this.#wantsFocus = true;
    this.requestUpdate();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('caseId')) return;
    this.#discarding.value?.close();
    this.#discarding.value?.querySelector('form')?.reset();
    [this.#case, this.#editing, this.trouble] = [null, null, null];
    this.#check.assume([], '');
    void this.#read();
  }

  protected override updated(): void {
    if (!this.#wantsFocus || !this.#article.value) return;
    this.#wantsFocus = false;
    this.#article.value.focus();
  }

  /** An action under way reads the case again when it is answered. */
  #renew(): void {
    if (!this.#isBusy) void this.#read();
  }

  #read(): Promise<void> {
    return this.latest(
      () => this.caseId,
      () => read<CaseView>(`/api/cases/${encodeURIComponent(this.caseId)}`),
      (found) => this.#take(found),
    );
  }

  #take(found: CaseView): void {
    const editing = editingOf(found, drafts.of(found.caseId));
    [this.#case, this.#editing, this.trouble] = [found, editing, null];
    const isOpen = whyNotEditable(found) === null;
    if (!isOpen || !this.#check.isAnswered(editing)) this.#check.assume(found.problems, editing.text);
    if (isOpen) void this.#ask(editing);
  }

  #edit(editing: Editing): void {
    this.#editing = editing;
    this.#check.follow(editing.text);
    try {
      drafts.keep(this.caseId, editing);
    } catch (error) {
      showToast(`Your changes are lost when the page is read anew: ${errorMessage(error)}`, 'trouble');
    }
    this.#checkAfter(250, editing);
    this.requestUpdate();
  }

  #forget(found: CaseView): void {
    drafts.forget(found.caseId);
    this.#take(found);
    this.requestUpdate();
  }

  #checkAfter(milliseconds: number, draft: Draft): void {
    clearTimeout(this.#checking);
    this.#checking = setTimeout(() => void this.#ask(draft), milliseconds);
  }

  /** Has the server check the message as it would if it were sent. */
  async #ask({ text, headers }: Draft): Promise<void> {
    const caseId = this.caseId;
    const isShown = () => caseId === this.caseId && text === this.#editing?.text && headers === this.#editing.headers;
    try {
      const path = `/api/cases/${encodeURIComponent(caseId)}/check`;
      const { problems } = await change<CheckedMessage>(path, { body: text, headers });
      if (!isShown()) return;
      this.#check.answered(problems, { text, headers });
      this.trouble = null;
    } catch (error) {
      if (!isShown()) return;
      this.trouble = errorMessage(error);
      if (error instanceof RequestError && passing.includes(error.code))
        this.#checkAfter(recheckAfterMs, { text, headers });
    }
    this.requestUpdate();
  }

  async #do(name: keyof typeof doneWords, body: object): Promise<boolean> {
    this.#isBusy = true;
    this.requestUpdate();
    const caseId = this.caseId;
    const done = ({ state }: CaseTaken) => `${doneWords[name]} The case is ${wordsOf(state)} now.`;
    try {
      const taken = await act(`/api/cases/${encodeURIComponent(caseId)}/${name}`, body, done);
      if (taken && name !== 'take') drafts.forget(caseId);
      return taken !== null;
    } catch (error) {
      if (error instanceof RequestError && caseId === this.caseId)
        this.#check.assume(error.problems, this.#editing?.text ?? '');
      return false;
    } finally {
      this.#isBusy = false;
      await this.#read();
    }
  }

  override render() {
    const [found, editing] = [this.#case, this.#editing];
    if (!found || !editing) return html`<div class="page">${troubleNotice(this.trouble)}</div>`;
    return html`<article class="page case" tabindex="-1" aria-label="The case" ${ref(this.#article)}>
      ${caseHead(found)} ${troubleNotice(this.trouble)} ${caseNotices(found, editing, () => this.#forget(found))}
      ${problemList(this.#check.problems, found, (problem) => this.#goTo(problem), this.#check.fits(editing))}
      ${messageCard({
        found,
        editing,
        editor: this.#editor,
        problems: this.#check.problems,
        isBusy: this.#isBusy,
        fits: this.#check.fits(editing),
        edit: (changed) => this.#edit(changed),
        resubmit: () => void this.#do('resubmit', { body: editing.text, headers: editing.headers, seen: editing.seen }),
        take: () => void this.#do('take', {}),
        discard: () => this.#discarding.value?.showModal(),
      })}
      ${found.original && !found.original.isCut ? diffOf(found.original.text, editing.text) : null}
      ${caseHistory(found)}
      ${discardDialog(this.#discarding, (reason) => this.#do('discard', { reason, seen: editing.seen }))}
    </article>`;
  }

  /** Selects the value; of an object or a list only the bracket that opens it. */
  #goTo({ place }: PlacedProblem): void {
    if (!place) return;
    const isOpening = /[[{]/.test(this.#editing?.text[place.start] ?? '');
    this.#editor.value?.select(place.start, isOpening ? place.start + 1 : place.end, place.line);
  }
}

/** A check that failed is tried again after this pause. */
const recheckAfterMs = 2_000;

/** Errors that a later try may not meet. */
const passing: readonly RequestError['code'][] = ['offline', 'too-many', 'unreachable', 'internal'];
