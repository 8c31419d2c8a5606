import { html } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { DeskElement } from '../parts/desk-element.ts';

interface Toast {
  readonly id: number;
  readonly kind: 'done' | 'trouble';
  readonly text: string;
}

const said = 'desk-say';

/** Shows a message in the page's corner, and announces it to screen readers. An error stays until it is closed. */
export const showToast = (text: string, kind: Toast['kind'] = 'done'): void =>
  void window.dispatchEvent(new CustomEvent(said, { detail: { text, kind } }));

const shownFor = 7_000;

/** `<desk-toasts>`: the latest messages. */
export class DeskToasts extends DeskElement {
  #toasts: readonly Toast[] = [];
  #last = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    const add = (event: Event) => this.#add((event as CustomEvent<Omit<Toast, 'id'>>).detail);
    window.addEventListener(said, add);
    this.whileShown(() => window.removeEventListener(said, add));
  }

  #add(toast: Omit<Toast, 'id'>): void {
    const id = (this.#last += 1);
    this.#show([...this.#toasts, { ...toast, id }].slice(-4));
    if (toast.kind === 'done') setTimeout(() => this.#close(id), shownFor);
  }

  #close(id: number): void {
    this.#show(this.#toasts.filter((toast) => toast.id !== id));
  }

  #show(toasts: readonly Toast[]): void {
    this.#toasts = toasts;
    this.requestUpdate();
  }

  override render() {
    return html`<div class="toasts" role="status" aria-live="polite">
      ${repeat(
        this.#toasts,
        ({ id }) => id,
        ({ id, kind, text }) =>
          html`<div class="toast" data-kind=${kind}>
            <p>${text}</p>
            <button class="plain" aria-label="Close this message" @click=${() => this.#close(id)}>✕</button>
          </div>`,
      )}
    </div>`;
  }
}
