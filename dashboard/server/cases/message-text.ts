import { largestRepairable } from '../../../contracts/mediators/repair.ts';
import { utf8Text } from '../../../contracts/schemas/read-json.ts';
import type { MessageText } from '../api/cases.ts';

/** Bytes as text for people: U+FFFD replaces bytes that are no UTF-8, and text past the repairable size is cut. */
export function textOf(bytes: Uint8Array): MessageText {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, largestRepairable));
  return {
    text,
    bytes: bytes.byteLength,
    isUtf8: utf8Text(bytes) !== undefined,
    isCut: bytes.byteLength > largestRepairable,
  };
}
