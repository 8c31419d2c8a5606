import { html, type TemplateResult } from 'lit';
import { cache } from 'lit/directives/cache.js';
import { createRef, ref } from 'lit/directives/ref.js';
import { liveEvents, type Session } from '../../server/api/api.ts';
import type { CasePage } from '../../server/api/cases.ts';
import type { ReturnList } from '../../server/api/people.ts';
import { DeskElement } from '../parts/desk-element.ts';
import { troubleNotice } from '../parts/words.ts';

import { keyDialog, isWriting } from './keys.ts';
import { connectLive, disconnectLive, onLive, onLiveState, type LiveState } from './live.ts';
import { applyTheme, chosenTheme, deskBar, turnTheme, viewTitles, type WaitingCounts } from './bar.ts';
import type { DeskName } from './sign-in.ts';
import { errorMessage, read } from './request.ts';
import { addressOf, places, routeOf, type Place, type Route } from './router.ts';
import { onSession, openSession } from './session.ts';
import { showToast } from './toasts.ts';

/** `<desk-app>`: the frame around the views. */
export class DeskApp extends DeskElement {
  readonly #help = createRef<HTMLDialogElement>();
  readonly #main = createRef<HTMLElement>();
  #session: Session | null = null;
  #live: LiveState = 'joining';
  #waiting: WaitingCounts = {};
  /** Counts that came as events. */
  #told = 0;
  #route: Route = routeOf(location.hash);
  /** The scroll positions of the views that scroll as a whole. */
  readonly #tops: { [Name in Place]?: number } = {};
  #hasMoved = false;

  override connectedCallback(): void {
    super.connectedCallback();
    applyTheme(chosenTheme());
    onSession((session) => this.#take(session));
    keepScrolls();
    onLiveState((live) => this.#lives(live));
    onLive('hello', () => void this.#count());
    onLive('cases', ({ open }) => this.#tell({ repair: open }));
    onLive('returns', ({ waiting, approvals }) => this.#tell({ people: waiting + approvals }));
    window.addEventListener('hashchange', () => this.#moved());
    window.addEventListener('keydown', (event) => this.#key(event));
    void this.#open();
  }

  /** Reads the numbers of a new connection; later ones come as events. */
  async #count(): Promise<void> {
    const told = this.#told;
    try {
      const [{ open }, { waiting, approvals }] = await Promise.all([
        read<CasePage>('/api/cases?limit=1'),
        read<ReturnList>('/api/returns?waiting=true'),
      ]);
      if (told !== this.#told) return await this.#count(); // what was read is older than what was told meanwhile
      this.#show({ waiting: { repair: open, people: waiting + approvals } });
    } catch (error) {
      showToast(errorMessage(error), 'trouble');
    }
  }

  #tell(waiting: WaitingCounts): void {
    this.#told += 1;
    this.#show({ waiting: { ...this.#waiting, ...waiting } });
  }

  async #open(): Promise<void> {
    await this.trying(openSession);
    if (this.trouble !== null) setTimeout(() => void this.#open(), 2000);
  }

  /** A browser does not say why a stream is refused, so the session is read. */
  #lives(live: LiveState): void {
    this.#show({ live });
    if (live === 'lost') openSession().catch((error: unknown) => console.info('The desk is not there:', error));
  }

  #take(session: Session): void {
    const isNew = this.#session === null || this.#session.isLoginNeeded;
    this.#session = session;
    this.trouble = null;
    if (session.isLoginNeeded) disconnectLive();
    else if (isNew) connectLive(liveEvents);
    this.requestUpdate();
  }

  #show(news: { readonly live?: LiveState; readonly waiting?: WaitingCounts }): void {
    this.#live = news.live ?? this.#live;
    this.#waiting = news.waiting ?? this.#waiting;
    this.requestUpdate();
  }

  #moved(): void {
    const before = this.#route;
    this.#route = routeOf(location.hash);
    document.title = `${viewTitles[this.#route.place]} · Repair desk`;
    if (before.place !== this.#route.place) this.#leave(before.place);
    this.requestUpdate();
  }

  #leave(place: Place): void {
    this.#tops[place] = this.#main.value?.scrollTop ?? 0;
    this.#hasMoved = true;
    this.#main.value?.focus();
  }

  #key(event: KeyboardEvent): void {
    if (isWriting(event) || document.querySelector('dialog[open]')) return;
    const place = places[Number(event.key) - 1];
    if (place) location.hash = addressOf(place);
    else if (event.key === '?') this.#help.value?.showModal();
    else if (event.key === 't') this.#turnTheme();
    else if (event.key === '/') this.#search(event);
    else if (event.key === 'Escape' && this.#route.id) location.hash = addressOf(this.#route.place);
  }

  #search(event: KeyboardEvent): void {
    event.preventDefault();
    this.querySelector<HTMLElement>('main input[type="search"], main [data-list]')?.focus();
  }

  #turnTheme(): void {
    turnTheme();
    this.requestUpdate();
  }

  protected override updated(): void {
    if (!this.#hasMoved || !this.#main.value) return;
    this.#hasMoved = false;
    restoreScrolls(this.#main.value);
    this.#main.value.scrollTop = this.#tops[this.#route.place] ?? 0;
  }

  override render() {
    return html`<a class="skip" href="#main" @click=${(event: Event) => this.#skip(event)}>Skip to the content</a>
      ${this.#bar()}
      <main id="main" tabindex="-1" ${ref(this.#main)}>${cache(this.#view())}</main>
      <desk-toasts></desk-toasts><desk-name></desk-name>${keyDialog(this.#help)}`;
  }

  #skip(event: Event): void {
    event.preventDefault();
    this.#main.value?.focus();
  }

  #bar(): TemplateResult {
    return deskBar({
      place: this.#route.place,
      actor: this.#session?.actor ?? null,
      live: this.#live,
      waiting: this.#waiting,
      askName: () => void this.querySelector<DeskName>('desk-name')?.ask(),
      turnTheme: () => this.#turnTheme(),
      showKeys: () => this.#help.value?.showModal(),
    });
  }

  /** A view that was left is kept as it is, with its filter and its inputs. */
  #view(): TemplateResult {
    if (!this.#session) return html`<div class="page">${troubleNotice(this.trouble)}</div>`;
    if (this.#session.isLoginNeeded) return html`<desk-login></desk-login>`;
    const { place, id } = this.#route;
    if (place === 'orders') return html`<desk-orders .openId=${id}></desk-orders>`;
    if (place === 'flow') return html`<desk-flow></desk-flow>`;
    if (place === 'people') return html`<desk-people></desk-people>`;
    if (place === 'webhooks') return html`<desk-webhooks></desk-webhooks>`;
    if (place === 'lab') return html`<desk-lab .openId=${id}></desk-lab>`;
    if (place === 'mails') return html`<desk-mails .openId=${id}></desk-mails>`;
    return html`<desk-repair .openId=${id}></desk-repair>`;
  }
}

const scrollTops = new WeakMap<Element, number>();

/** Keeps the scroll position of every element on the page. */
function keepScrolls(): void {
  document.addEventListener('scroll', keepScroll, { capture: true, passive: true });
}

function keepScroll({ target }: Event): void {
  if (target instanceof Element) scrollTops.set(target, target.scrollTop);
}

/** Restores the positions inside an element: a browser forgets them when an element leaves the page for a while. */
function restoreScrolls(within: Element): void {
  for (const element of within.querySelectorAll('*')) {
    const top = scrollTops.get(element);
    if (top !== undefined && element.scrollTop === 0 && top > 0) element.scrollTop = top;
  }
}
