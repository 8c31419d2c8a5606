import { largestRepairable } from '../../../contracts/mediators/repair.ts';
import type { MessageText, MarkedProblem } from '../api/cases.ts';
import { placesIn } from '../../shared/json-text.ts';
import type { ApiProblem } from '../api/api.ts';

/** Bytes as text for people: U+FFFD replaces bytes that are no UTF-8, and text past the repairable size is cut. */
export function textOf(bytes: Uint8Array): MessageText {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, largestRepairable));
  return { text, bytes: bytes.byteLength, isUtf8: isUtf8(bytes), isCut: bytes.byteLength > largestRepairable };
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/**
 * Problems with the place of each in the text: its field's, or in a broken text where it stops being JSON. A header
 * has none.
 */
export function marked(text: string, problems: readonly ApiProblem[]): readonly MarkedProblem[] {
  if (problems.length === 0) return [];
  const places = placesIn(text);
  return problems.map(({ field, message }) => {
    const place = places.of(field);
    return { field, message, at: place && (places.stoppedAt ?? place) };
  });
}
