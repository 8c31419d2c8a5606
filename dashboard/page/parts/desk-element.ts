import { LitElement } from 'lit';

/**
 * An element of the page. It renders into the document itself, so that one style sheet applies and labels reach their
 * fields.
 */
export abstract class DeskElement extends LitElement {
  readonly #endings: (() => void)[] = [];

  protected override createRenderRoot(): this {
    return this;
  }

  /** Registers a function that is called when the element leaves the page. */
  protected whileShown(end: () => void): void {
    this.#endings.push(end);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.#endings.splice(0)) end();
    // A dialog that leaves the page while it is open would come back without blocking the page or closing by Esc.
    for (const dialog of this.querySelectorAll('dialog')) dialog.close();
  }
}
