import { html } from 'lit';
import { DeskElement } from '../parts/desk-element.ts';
import { troubleNotice } from '../parts/words.ts';
import { messageOf } from './request.ts';
import { logIn } from './session.ts';
import { textIn } from '../parts/form-text.ts';

/** `<desk-login>`: asks for the desk's token, where one is wanted. */
export class DeskLogin extends DeskElement {
  #trouble: string | null = null;

  async #enter(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    try {
      await logIn(textIn(new FormData(event.target as HTMLFormElement), 'token'));
    } catch (error) {
      this.#trouble = messageOf(error);
      this.requestUpdate();
    }
  }

  override render() {
    return html`<div class="page">
      <form class="card" @submit=${(event: SubmitEvent) => this.#enter(event)}>
        <h1>Repair desk</h1>
        <p class="quiet">This desk asks for its token. It is what the server was started with as DASHBOARD_TOKEN.</p>
        <label class="field"
          >Token
          <input name="token" type="password" required autocomplete="current-password" />
        </label>
        ${troubleNotice(this.#trouble)}
        <div class="actions"><button class="primary">Open the desk</button></div>
      </form>
    </div>`;
  }
}
