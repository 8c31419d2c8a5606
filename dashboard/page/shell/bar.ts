import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import type { LiveState } from './live.ts';
import { addressOf, places, type Place } from './router.ts';

/** The state of the bar, and what its buttons call. */
export interface DeskBar {
  readonly place: Place;
  readonly actor: string | null;
  readonly live: LiveState;
  /** The numbers beside the views: the items that wait there for a person. */
  readonly waiting: WaitingCounts;
  readonly askName: () => void;
  readonly turnTheme: () => void;
  readonly showKeys: () => void;
}

export type WaitingCounts = { readonly [Name in Place]?: number };

export const viewTitles: { readonly [Name in Place]: string } = {
  repair: 'Repair',
  orders: 'Orders',
  flow: 'Flow',
  people: 'People',
  mails: 'Mails',
  webhooks: 'Webhooks',
  lab: 'Lab',
};

const liveWords: { readonly [State in LiveState]: string } = { joining: 'connecting', live: 'live', lost: 'not live' };

/** The bar above every view. */
export function deskBar(bar: DeskBar): TemplateResult {
  const theme = chosenTheme();
  return html`<header class="bar">
    <a class="brand" href="#/repair">Repair desk</a>
    <nav class="places" aria-label="Views">${places.map((place) => placeLink(place, bar))}</nav>
    <div class="tools">
      <span class="live" data-state=${bar.live} role="status"><span>${liveWords[bar.live]}</span></span>
      <button class="plain" title="Who acts" @click=${bar.askName}>${bar.actor ?? 'Your name'}</button>
      <button class="plain" aria-label="Theme: ${theme}" title="Theme: ${theme}" @click=${bar.turnTheme}>
        ${{ auto: '◐', light: '☀', dark: '☾' }[theme]}
      </button>
      <button class="plain" aria-label="Keys" title="Keys" @click=${bar.showKeys}>?</button>
    </div>
  </header>`;
}

function placeLink(place: Place, { place: current, waiting }: DeskBar): TemplateResult {
  const count = waiting[place] ?? 0;
  return html`<a href=${addressOf(place)} aria-current=${current === place ? 'page' : 'false'}
    >${iconOf(place)}${viewTitles[place]}${
      count > 0 ? html`<span class="count">${count}<span class="unseen"> waiting</span></span>` : null
    }</a
  >`;
}

const shapes: { readonly [Name in Place]: SVGTemplateResult } = {
  repair: svg`<path d="M14.5 5.5a4 4 0 0 0-5.2 5.2L4 16v4h4l5.3-5.3a4 4 0 0 0 5.2-5.2L16 12l-2.5-.5L13 9z" />`,
  orders: svg`<path d="M4 6h16M4 12h16M4 18h16" />`,
  flow: svg`<path d="M4 7h6v4H4zM14 13h6v4h-6zM10 9h3v6h1M14 5h6v4h-6zM13 9V7h1" />`,
  people: svg`<path d="M12 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM5 20a7 7 0 0 1 14 0" />`,
  mails: svg`<path d="M4 6h16v12H4zM4 7l8 6 8-6" />`,
  webhooks: svg`<path d="M4 12h9M10 8l4 4-4 4M17 5h3v14h-3" />`,
  lab: svg`<path d="M4 20h16M7 20v-6M12 20V6M17 20v-9" />`,
};

/** The icon of a view; its name is beside it. */
const iconOf = (place: Place): SVGTemplateResult =>
  svg`<svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.7"
    stroke-linejoin="round" stroke-linecap="round" aria-hidden="true">${shapes[place]}</svg>`;

/** `auto` follows the system. */
const themes = ['auto', 'light', 'dark'] as const;

type Theme = (typeof themes)[number];

const themeKey = 'desk-theme';

export const chosenTheme = (): Theme => themes.find((theme) => theme === localStorage.getItem(themeKey)) ?? 'auto';

/** Shows the page in this theme, and remembers it in this browser. */
export function applyTheme(theme: Theme): void {
  localStorage.setItem(themeKey, theme);
  document.documentElement.dataset['theme'] = theme;
}

/** Switches to the next theme. */
export function turnTheme(): void {
  applyTheme(themes[(themes.indexOf(chosenTheme()) + 1) % themes.length] ?? 'auto');
}
