import { largestRepairable } from '../../../contracts/mediators/repair.ts';
import type { MessageText } from '../api/cases.ts';

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
