import { svg, type SVGTemplateResult } from 'lit';
import type { Place } from './router.ts';

const shapes: { readonly [Name in Place]: SVGTemplateResult } = {
  repair: svg`<path d="M14.5 5.5a4 4 0 0 0-5.2 5.2L4 16v4h4l5.3-5.3a4 4 0 0 0 5.2-5.2L16 12l-2.5-.5L13 9z" />`,
  orders: svg`<path d="M4 6h16M4 12h16M4 18h16" />`,
  flow: svg`<path d="M4 7h6v4H4zM14 13h6v4h-6zM10 9h3v6h1M14 5h6v4h-6zM13 9V7h1" />`,
  people: svg`<path d="M12 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM5 20a7 7 0 0 1 14 0" />`,
  mails: svg`<path d="M4 6h16v12H4zM4 7l8 6 8-6" />`,
};

/** The sign of a view; its name stands beside it. */
export const iconOf = (place: Place): SVGTemplateResult =>
  svg`<svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.7"
    stroke-linejoin="round" stroke-linecap="round" aria-hidden="true">${shapes[place]}</svg>`;
