import { html, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Webhook, WebhookSecret } from '../../../contracts/outside/webhooks.ts';
import type { WebhookList } from '../../server/api/webhooks.ts';
import { DeskElement } from '../parts/desk-element.ts';
import { declineForm, onSubmit, textIn } from '../parts/forms.ts';
import { emptyState, stateBadge, troubleNotice } from '../parts/words.ts';
import { act } from '../shell/act.ts';
import { onLive } from '../shell/live.ts';
import { errorMessage, read, RequestError } from '../shell/request.ts';

/** `<desk-webhooks>`: the endpoints that get facts by HTTP. */
export class DeskWebhooks extends DeskElement {
  #webhooks: readonly Webhook[] | null = null;
  /** The secret that was made last, until another is made or the page is left. */
  #made: WebhookSecret | null = null;
  /** The problem of the endpoint that was to be added. */
  #problem: string | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    for (const name of ['hello', 'flow'] as const) this.whileShown(onLive(name, () => void this.#read()));
    void this.#read();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#made = null;
    this.requestUpdate(); // the page is kept as it was drawn last, and comes back so
  }

  #read(): Promise<void> {
    return this.latest(
      () => null,
      () => read<WebhookList>('/api/webhooks'),
      ({ webhooks }) => (this.#webhooks = webhooks),
    );
  }

  async #do(path: string, body: object, done: string): Promise<boolean> {
    this.#problem = null;
    try {
      const answer = await act<Webhook | WebhookSecret>(`/api/webhooks${path}`, body, () => done);
      if (answer && 'secret' in answer) this.#made = answer;
      await this.#read();
      return answer !== null;
    } catch (error) {
      this.#problem = sentenceOf(error);
      this.requestUpdate();
      return false;
    }
  }

  override render() {
    return html`<div class="page">
      <div class="page-head">
        <h1>Webhooks</h1>
        <span class="quiet">Endpoints that get facts by HTTP</span>
      </div>
      ${troubleNotice(this.trouble)} ${this.#made ? secretNotice(this.#made) : null}
      ${this.#webhooks && this.#list(this.#webhooks)} ${this.#adding()}
    </div>`;
  }

  #list(webhooks: readonly Webhook[]): TemplateResult {
    if (webhooks.length === 0) return emptyState('No webhooks', 'Add the first endpoint below.');
    return html`<div class="scrolls" tabindex="0" role="region" aria-label="Webhooks">
      <table>
        <thead>
          <tr>
            ${['Endpoint', 'Facts', 'State', 'Waiting', 'Actions'].map((heading) => html`<th scope="col">${heading}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${repeat(
            webhooks,
            ({ id }) => id,
            (webhook) => this.#row(webhook),
          )}
        </tbody>
      </table>
    </div>`;
  }

  #row(webhook: Webhook): TemplateResult {
    const { id, url, takes, waiting, givenUp } = webhook;
    return html`<tr data-webhook=${id}>
      <td class="breaks">${url} <span class="quiet mono">${id}</span></td>
      <td class="breaks">${takes.join(', ')}</td>
      <td>${stateOf(webhook)}</td>
      <td class="number">${waiting}${givenUp > 0 ? html` <span class="quiet">${givenUp} given up</span>` : null}</td>
      <td><div class="actions">${this.#actions(webhook)}</div></td>
    </tr>`;
  }

  #actions({ id, state, url }: Webhook): TemplateResult {
    const remove = () => {
      if (confirm(`Remove ${url}, its secrets and all that waits for it?`))
        void this.#do(`/${id}/remove`, {}, 'It was removed.');
    };
    return html`${
        state === 'on'
          ? declineForm(
              'Switch off',
              '',
              (reason) => void this.#do(`/${id}/off`, { reason }, 'It is off; what waits is kept.'),
              'Why',
            )
          : html`<button @click=${() => void this.#do(`/${id}/on`, {}, 'It is on; what waited is sent.')}>
              Switch on
            </button>`
      }
      <button @click=${() => void this.#do(`/${id}/rotate`, { keepFor: '1 day' }, 'Both secrets sign for a day.')}>
        New secret
      </button>
      <button class="grave" @click=${remove}>Remove</button>`;
  }

  #adding(): TemplateResult {
    return html`<section class="group" aria-labelledby="add-webhook">
      <h2 id="add-webhook">Add an endpoint</h2>
      ${troubleNotice(this.#problem)}
      <form class="stack" data-adding @submit=${onSubmit((form) => void this.#add(form))}>
        <label class="field"
          >URL
          <input
            name="url"
            type="url"
            required
            maxlength="2000"
            placeholder="https://example.com/hooks"
            autocomplete="off"
        /></label>
        <label class="field"
          >Facts or areas, with blanks between them
          <input name="takes" required maxlength="1000" value="all" autocomplete="off"
        /></label>
        <div class="actions"><button class="primary">Add</button></div>
      </form>
    </section>`;
  }

  async #add(form: FormData): Promise<void> {
    const takes = textIn(form, 'takes').split(/[\s,]+/);
    const isAdded = await this.#do('', { url: textIn(form, 'url'), takes }, 'It was added.');
    if (isAdded) this.querySelector<HTMLFormElement>('form[data-adding]')?.reset();
  }
}

const sentenceOf = (error: unknown): string =>
  error instanceof RequestError && error.problems.length > 0
    ? error.problems.map(({ field, message }) => `${field} ${message}`).join('; ')
    : errorMessage(error);

const secretNotice = ({ webhook, secret }: WebhookSecret): TemplateResult =>
  html`<p class="notice" role="status">
    The secret of ${webhook.url}, shown this once: <code class="mono breaks" data-secret>${secret}</code>
  </p>`;

function stateOf({ state, reason, since, failingSince, problem }: Webhook): TemplateResult {
  if (state === 'off') {
    return html`${stateBadge('off', 'bad')} <span class="quiet">${reason} <desk-age at=${since}></desk-age> ago</span>`;
  }
  if (failingSince === null) return stateBadge('on', 'good');
  return html`${stateBadge('failing', 'warn')}
    <span class="quiet">${problem} For <desk-age at=${failingSince}></desk-age></span>`;
}
