import { instantOf, spanOf } from './ages.ts';

/** One clock ticks for every age on the page. */
const shown = new Set<DeskAge>();

/**
 * `<desk-age at="…">` shows the time since an instant, ticking; `until` the time until it. The instant itself stands
 * in the title.
 */
export class DeskAge extends HTMLElement {
  static readonly observedAttributes = ['at', 'until'];

  connectedCallback(): void {
    shown.add(this);
    this.tick();
  }

  disconnectedCallback(): void {
    shown.delete(this);
  }

  attributeChangedCallback(_name: string, _before: string | null, iso: string | null): void {
    this.title = iso ? instantOf(iso) : '';
    this.tick();
  }

  tick(): void {
    const at = this.getAttribute('at');
    const until = this.getAttribute('until');
    const iso = at ?? until;
    if (!iso) return;
    const distance = Date.now() - Date.parse(iso);
    const text = at ? spanOf(distance) : distance > 0 ? 'now' : `in ${spanOf(-distance)}`;
    if (this.textContent !== text) this.textContent = text;
  }
}

/** Defines the element and starts its clock. */
export function startAges(): void {
  customElements.define('desk-age', DeskAge);
  setInterval(() => {
    for (const age of shown) age.tick();
  }, 1000);
}
