import { LitElement } from 'lit';
import { errorMessage } from '../shell/request.ts';

/**
 * An element of the page. It renders into the document itself, so that one style sheet applies and labels reach their
 * fields.
 */
export abstract class DeskElement extends LitElement {
  readonly #endings: (() => void)[] = [];
  #asked = 0;
  #shown = 0;
  /** The error of the last work, to be shown; null when it went well. */
  protected trouble: string | null = null;

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

  /** Does the work, keeps its error and renders anew. */
  protected async trying(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      this.trouble = null;
    } catch (error) {
      this.trouble = errorMessage(error);
    }
    this.requestUpdate();
  }

  /** Shows what the server tells by itself: an answer that was asked for before is older. */
  protected told(show: () => void): void {
    this.#shown = this.#asked += 1;
    this.trouble = null;
    show();
    this.requestUpdate();
  }

  /** Shows an answer, unless the element is about something else by then, or has shown something later already. */
  protected async latest<Answer>(
    about: () => unknown,
    ask: () => Promise<Answer>,
    show: (answer: Answer) => void,
  ): Promise<void> {
    const [subject, asked] = [about(), (this.#asked += 1)];
    try {
      const answer = await ask();
      if (subject !== about() || asked < this.#shown) return;
      [this.#shown, this.trouble] = [asked, null];
      show(answer);
    } catch (error) {
      if (subject === about()) this.trouble = errorMessage(error);
    }
    this.requestUpdate();
  }
}
