/** What a key does on the page; told by `?`. */
export const keyHelp: readonly (readonly [keys: string, what: string])[] = [
  ['j  k', 'Down and up in a list; the arrow keys do the same'],
  ['Home  End', 'The first and the last; a list of orders too long for that is sorted the other way round'],
  ['Enter', 'Open'],
  ['Esc', 'Close what is open, back to the list'],
  ['/', 'Search'],
  ['x', 'Select an order; Shift+x all up to it'],
  ['1 … 5', 'Repair, orders, flow, people, mails'],
  ['t', 'Light, dark, as the system'],
  ['?', 'These keys'],
];

/** True while somebody writes: keys are letters then. */
export const isWriting = (event: KeyboardEvent): boolean => {
  const target = event.composedPath()[0];
  return (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    (target instanceof HTMLElement && (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable))
  );
};

/** How far a key moves in a list: 1 and -1 for the next ones, an infinity for the ends; 0 when it does not. */
export const stepOf = (key: string): number =>
  ({ j: 1, ArrowDown: 1, k: -1, ArrowUp: -1, Home: -Infinity, End: Infinity, PageDown: 10, PageUp: -10 })[key] ?? 0;

/** Moves the focus among the rows of a list: each carries `data-row`. */
export function moveFocus(list: HTMLElement | null | undefined, event: KeyboardEvent): void {
  const step = stepOf(event.key);
  const rows = [...(list?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
  if (step === 0 || rows.length === 0) return;
  const now = rows.findIndex((row) => row.contains(document.activeElement));
  const wanted = now === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, now + step));
  event.preventDefault();
  rows[wanted]?.focus();
}
