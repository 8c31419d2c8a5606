import type { ApiProblem } from '../api/api.ts';
import type { MarkedProblem } from '../api/cases.ts';
import { placesIn } from './json-places.ts';

/** Problems with the place of each in the text. A field that is missing is shown at what it should stand in; a header stands nowhere. */
export function marked(text: string, problems: readonly ApiProblem[]): readonly MarkedProblem[] {
  if (problems.length === 0) return [];
  const places = placesIn(text);
  const placeOf = (path: string): MarkedProblem['at'] =>
    places.of(path) ?? (path === '' ? null : placeOf(around(path)));
  return problems.map(({ field, message }) => ({
    field,
    message,
    at: isHeader(field) ? null : (places.stoppedAt ?? placeOf(field)),
  }));
}

/** `lines[0].quantity` stands in `lines[0]`, that in `lines`, and that in the whole; so does whatever is no path (`the event`). */
const around = (path: string): string => (lastPart.test(path) ? path.replace(lastPart, '') : '');

const lastPart = /(?:^|\.)\w+$|\[\d+\]$|(?:^|\.)"(?:[^"\\]|\\.)*"$/;

const isHeader = (field: string): boolean => /^(ce|content)-/.test(field);
