import { html, type PropertyValues, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { DeskElement } from '../parts/desk-element.ts';

/** The editor's text has changed. */
export type EditedEvent = CustomEvent<string>;

/**
 * `<desk-editor>`: a text area with numbered lines; the faulty ones are marked by colour and by a sign. Events:
 * `edited` (the text) on every change. The text is only ever the value of a text area.
 */
export class DeskEditor extends DeskElement {
  static override readonly properties = { text: {}, faulty: {}, readOnly: { type: Boolean }, label: {} };
  declare text: string;
  /** Line numbers, from 1. */
  declare faulty: ReadonlySet<number>;
  declare readOnly: boolean;
  declare label: string;

  readonly #area = createRef<HTMLTextAreaElement>();
  readonly #gutter = createRef<HTMLElement>();
  readonly #marks = createRef<HTMLElement>();

  constructor() {
    super();
    this.text = '';
    this.faulty = new Set();
    this.readOnly = false;
    this.label = 'Message';
  }

  /** Selects a range of the text and brings it into view. */
  select(from: number, to: number, line: number): void {
    const area = this.#area.value;
    if (!area) return;
    area.focus();
    area.setSelectionRange(from, to);
    area.scrollTop = Math.max(0, (line - 4) * lineHeight);
  }

  protected override updated(changed: PropertyValues<this>): void {
    const area = this.#area.value;
    if (area && changed.has('text') && area.value !== this.text) area.value = this.text;
    this.#align();
  }

  /** Numbers and marks follow the text as it is scrolled. */
  readonly #align = (): void => {
    const area = this.#area.value;
    const [gutter, marks] = [this.#gutter.value, this.#marks.value];
    if (!area || !gutter || !marks) return;
    gutter.style.transform = marks.style.transform = `translateY(${-area.scrollTop}px)`;
  };

  #edited(event: Event): void {
    this.text = (event.target as HTMLTextAreaElement).value;
    this.dispatchEvent(new CustomEvent('edited', { detail: this.text }));
  }

  override render() {
    const count = this.text.split('\n').length;
    const numbers = Array.from({ length: count }, (_, index) => index + 1);
    return html`<div class="editor" data-read-only=${this.readOnly}>
      <div class="editor-gutter" aria-hidden="true"><div ${ref(this.#gutter)}>${numbers.map(this.#number)}</div></div>
      <div class="editor-text">
        <div class="editor-marks" aria-hidden="true"><div ${ref(this.#marks)}>${numbers.map(this.#mark)}</div></div>
        <textarea
          ${ref(this.#area)}
          wrap="off"
          spellcheck="false"
          autocapitalize="off"
          autocomplete="off"
          rows=${Math.min(Math.max(count + 1, 8), 26)}
          aria-label=${this.label}
          aria-invalid=${this.faulty.size > 0}
          ?readonly=${this.readOnly}
          @input=${(event: Event) => this.#edited(event)}
          @scroll=${this.#align}
        ></textarea>
      </div>
    </div>`;
  }

  readonly #number = (line: number): TemplateResult =>
    html`<div class=${this.faulty.has(line) ? 'line faulty' : 'line'}>
      ${this.faulty.has(line) ? '● ' : ''}${line}
    </div>`;

  readonly #mark = (line: number): TemplateResult =>
    html`<div class=${this.faulty.has(line) ? 'line faulty' : 'line'}></div>`;
}

/** As the style sheet has it. */
const lineHeight = 20;
