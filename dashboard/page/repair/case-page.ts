import { html, type PropertyValues, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import type { CaseTaken, CaseView, CheckedBody } from '../../api/cases.ts';
import { DeskElement } from '../parts/desk-element.ts';
import { troubleNotice, wordsOf } from '../parts/words.ts';
import { act } from '../shell/act.ts';
import { onLive } from '../shell/live.ts';
import { change, messageOf, read, Told } from '../shell/request.ts';
import { caseHead } from './case-head.ts';
import { caseHistory } from './case-history.ts';
import { diffOf } from './diff-view.ts';
import { discardDialog } from './discard-dialog.ts';
import { draftOf, linesOf, placed, whyNotEditable, type PlacedProblem } from './draft.ts';
import type { DeskEditor, EditedEvent } from './editor.ts';
import { layOut } from './lay-out.ts';
import { problemList } from './problem-list.ts';

/** `<desk-case>`: one case, with what came, what is wrong with it, and what can be done. */
export class DeskCase extends DeskElement {
  static override readonly properties = { caseId: {} };
  declare caseId: string;

  readonly #editor = createRef<DeskEditor>();
  readonly #discarding = createRef<HTMLDialogElement>();
  #case: CaseView | null = null;
  #draft = '';
  /** What the editor began with: whoever has edited keeps it when the case changes meanwhile. */
  #begun = '';
  #problems: readonly PlacedProblem[] = [];
  #checking: ReturnType<typeof setTimeout> | undefined;
  #trouble: string | null = null;
  #isBusy = false;

  override connectedCallback(): void {
    super.connectedCallback();
    const isMine = (changed: readonly string[], isCut: boolean) => isCut || changed.includes(this.caseId);
    this.whileShown(onLive('cases', ({ changed, isCut }) => void (isMine(changed, isCut) && this.#read())));
    this.whileShown(onLive('hello', () => void this.#read()));
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('caseId')) return;
    this.#case = null;
    this.#draft = this.#begun = '';
    void this.#read();
  }

  async #read(): Promise<void> {
    const caseId = this.caseId;
    try {
      const found = await read<CaseView>(`/api/cases/${encodeURIComponent(caseId)}`);
      if (caseId === this.caseId) this.#take(found);
    } catch (error) {
      this.#trouble = messageOf(error);
    }
    this.requestUpdate();
  }

  #take(found: CaseView): void {
    const fresh = draftOf(found);
    const isEdited = this.#draft !== this.#begun && whyNotEditable(found) === null;
    if (!isEdited) this.#draft = fresh;
    if (!isEdited) this.#problems = placed(found.problems, fresh);
    this.#begun = fresh;
    this.#case = found;
    this.#trouble = null;
  }

  #edited(text: string): void {
    this.#draft = text;
    this.#problems = placed(this.#problems, text);
    clearTimeout(this.#checking);
    this.#checking = setTimeout(() => void this.#check(text), 250);
    this.requestUpdate();
  }

  async #check(text: string): Promise<void> {
    try {
      const { problems } = await change<CheckedBody>(`/api/cases/${encodeURIComponent(this.caseId)}/check`, {
        body: text,
      });
      if (text === this.#draft) this.#problems = placed(problems, text);
      this.#trouble = null;
    } catch (error) {
      this.#trouble = messageOf(error);
    }
    this.requestUpdate();
  }

  async #do(name: 'resubmit' | 'discard' | 'take', body: object): Promise<boolean> {
    this.#isBusy = true;
    this.requestUpdate();
    const path = `/api/cases/${encodeURIComponent(this.caseId)}/${name}`;
    const done = ({ state }: CaseTaken) => `${doneWords[name]} The case is ${wordsOf(state)} now.`;
    try {
      return (await act(path, body, done)) !== null;
    } catch (error) {
      if (error instanceof Told) this.#problems = placed(error.problems, this.#draft);
      return false;
    } finally {
      this.#isBusy = false;
      await this.#read();
    }
  }

  override render() {
    const found = this.#case;
    if (!found) return html`<div class="page">${troubleNotice(this.#trouble)}</div>`;
    return html`<article class="page case" tabindex="-1">
      ${caseHead(found)} ${troubleNotice(this.#trouble)}
      ${problemList(this.#problems, found, (problem) => this.#goTo(problem))} ${this.#message(found)}
      ${found.original && !found.original.isCut ? diffOf(found.original.text, this.#draft) : null} ${caseHistory(found)}
      ${discardDialog(this.#discarding, (reason) => this.#do('discard', { reason }))}
    </article>`;
  }

  #goTo({ place }: PlacedProblem): void {
    if (place) this.#editor.value?.select(place.from, place.to, place.line);
  }

  #message(found: CaseView): TemplateResult {
    const why = whyNotEditable(found);
    return html`<section class="card" aria-labelledby="message-title">
      <div class="page-head">
        <h2 id="message-title">${why === null ? 'Message, to be put right' : 'Message'}</h2>
        ${why === null ? null : html`<span class="quiet small">${why}</span>`}
      </div>
      ${
        found.original === null
          ? null
          : html`<desk-editor
              ${ref(this.#editor)}
              .text=${this.#draft}
              .faulty=${linesOf(this.#problems)}
              .readOnly=${why !== null}
              @edited=${(event: EditedEvent) => this.#edited(event.detail)}
            ></desk-editor>`
      }
      ${this.#actions(found)}
    </section>`;
  }

  #actions({ possible, owner }: CaseView): TemplateResult {
    const can = (name: 'resubmit' | 'discard' | 'take') => possible.includes(name);
    const isFaulty = this.#problems.length > 0;
    return html`<div class="actions">
      ${
        can('resubmit')
          ? html`<button
                class="primary"
                ?disabled=${this.#isBusy || isFaulty}
                @click=${() => this.#do('resubmit', { body: this.#draft })}
              >
                Resubmit</button
              ><button ?disabled=${this.#isBusy} @click=${() => this.#edited(layOut(this.#draft))}>Lay out</button
              ><button ?disabled=${this.#draft === this.#begun} @click=${() => this.#edited(this.#begun)}>
                Start over
              </button>`
          : null
      }
      ${
        can('take')
          ? html`<button ?disabled=${this.#isBusy} @click=${() => this.#do('take', {})}>
              ${owner ? 'Take it over' : 'Take it'}
            </button>`
          : null
      }
      ${
        can('discard')
          ? html`<button class="grave" ?disabled=${this.#isBusy} @click=${() => this.#discarding.value?.showModal()}>
              Discard …
            </button>`
          : null
      }
      ${
        can('resubmit') && isFaulty
          ? html`<span class="quiet small">It can be resubmitted when nothing is wrong any more.</span>`
          : null
      }
    </div>`;
  }
}

const doneWords = { resubmit: 'It was sent back.', discard: 'It was discarded.', take: 'The case is yours.' } as const;
