/** The views, by the first part of the address behind `#/`. */
export const places = ['repair', 'orders', 'flow', 'people', 'mails', 'webhooks', 'lab'] as const;

export type Place = (typeof places)[number];

/** The page's place: a view, and the thing that is open in it. */
export interface Route {
  readonly place: Place;
  /** The case, order, mail or result that is open; null for the list. */
  readonly id: string | null;
}

/** Reads an address behind `#`; an unknown one is the first view. */
export function routeOf(hash: string): Route {
  const [place, id] = hash.replace(/^#\/?/, '').split('/', 2);
  const known = places.find((name) => name === place);
  return known ? { place: known, id: id ? decodedId(id) : null } : { place: 'repair', id: null };
}

/** The address of a view or of one thing in it. */
export const addressOf = (place: Place, id?: string): string =>
  id === undefined ? `#/${place}` : `#/${place}/${encodeURIComponent(id)}`;

/** A mistyped address names nothing that exists, and the view says so. */
function decodedId(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
