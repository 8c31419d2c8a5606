import { placesIn } from '../../shared/json-text.ts';
import type { ApiProblem } from '../api/api.ts';
import type { MarkedProblem } from '../api/cases.ts';

/** Problems with the place of each in the text: its field's, or in a broken text where it stops being JSON. A header has none. */
export function marked(text: string, problems: readonly ApiProblem[]): readonly MarkedProblem[] {
  if (problems.length === 0) return [];
  const places = placesIn(text);
  return problems.map(({ field, message }) => {
    const place = places.of(field);
    return { field, message, at: place && (places.stoppedAt ?? place) };
  });
}
