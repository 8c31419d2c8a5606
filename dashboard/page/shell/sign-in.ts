import { html } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { DeskElement } from '../parts/desk-element.ts';
import { troubleNotice } from '../parts/words.ts';
import { logIn, askNameBy, nameActor, sessionNow } from './session.ts';
import { onSubmit, textIn } from '../parts/forms.ts';

/** `<desk-login>`: asks for the desk's token. */
export class DeskLogin extends DeskElement {
  readonly #enter = onSubmit((form) => void this.trying(() => logIn(textIn(form, 'token'))));

  override render() {
    return html`<div class="page">
      <form class="card" @submit=${this.#enter}>
        <h1>Repair desk</h1>
        <p class="quiet">This desk asks for its token. It is what the server was started with as DASHBOARD_TOKEN.</p>
        <label class="field"
          >Token
          <input name="token" type="password" required autocomplete="current-password" />
        </label>
        ${troubleNotice(this.trouble)}
        <div class="actions"><button class="primary">Open the desk</button></div>
      </form>
    </div>`;
  }
}

/** `<desk-name>`: asks once for the name of the actor, which is kept with every action. */
export class DeskName extends DeskElement {
  readonly #dialog = createRef<HTMLDialogElement>();
  #answer: (isNamed: boolean) => void = () => undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    askNameBy(() => this.ask());
  }

  /** Opens the question; resolves to true when a name was given. */
  ask(): Promise<boolean> {
    this.trouble = null;
    this.requestUpdate();
    this.#dialog.value?.showModal();
    return new Promise((resolve) => (this.#answer = resolve));
  }

  readonly #save = onSubmit((form) => {
    void this.trying(async () => {
      await nameActor(textIn(form, 'actor'));
      this.#answer(true);
      this.#dialog.value?.close();
    });
  });

  override render() {
    return html`<dialog ${ref(this.#dialog)} aria-labelledby="name-title" @close=${() => this.#answer(false)}>
      <form @submit=${this.#save}>
        <h2 id="name-title">Who is at the desk?</h2>
        <p class="quiet">
          Your name stands beside everything you do here, in the history of orders, cases and returns.
        </p>
        <label class="field"
          >Your name
          <input name="actor" required maxlength="64" autocomplete="name" .value=${sessionNow()?.actor ?? ''} />
        </label>
        ${troubleNotice(this.trouble)}
        <div class="actions">
          <button type="button" @click=${() => this.#dialog.value?.close()}>Not now</button>
          <button class="primary">Use this name</button>
        </div>
      </form>
    </dialog>`;
  }
}
