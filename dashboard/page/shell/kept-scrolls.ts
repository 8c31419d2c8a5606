const tops = new WeakMap<Element, number>();

/** Remembers how far everything on the page is scrolled. */
export function keepScrolls(): void {
  document.addEventListener('scroll', keep, { capture: true, passive: true });
}

function keep({ target }: Event): void {
  if (target instanceof Element) tops.set(target, target.scrollTop);
}

/** Scrolls everything inside to where it was: a browser forgets it of what leaves the page for a while. */
export function restoreScrolls(within: Element): void {
  for (const element of within.querySelectorAll('*')) {
    const top = tops.get(element);
    if (top !== undefined && element.scrollTop === 0 && top > 0) element.scrollTop = top;
  }
}
