/** The views, by the first part of the address behind `#/`. */
export const places = ['repair', 'orders', 'flow', 'people', 'mails'] as const;

export type Place = (typeof places)[number];

/** Where the page is: a view, and what is open in it. */
export interface Route {
  readonly place: Place;
  /** The case, order or mail that is open; null for the list. */
  readonly id: string | null;
}

/** What an address behind `#` says; anything unknown is the first view. */
export function routeOf(hash: string): Route {
  const [place, id] = hash.replace(/^#\/?/, '').split('/', 2);
  const known = places.find((name) => name === place);
  return known ? { place: known, id: id ? decoded(id) : null } : { place: 'repair', id: null };
}

/** The address of a view or of one thing in it. */
export const addressOf = (place: Place, id?: string): string =>
  id === undefined ? `#/${place}` : `#/${place}/${encodeURIComponent(id)}`;

/** An address somebody mistyped names nothing that is there, and the view says so. */
function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
