import { bytesRule } from '../message.ts';

type Encoding = 'utf-16le' | 'utf-16be';

/** UTF-16 says so by its byte order mark; without one, by the zero that stands beside the ASCII character every JSON text begins with. */
export const utf16 = bytesRule(
  { name: 'utf-16', version: 1, sentence: 'A message in UTF-16 is written in UTF-8.' },
  (bytes) => {
    const encoding = encodingOf(bytes);
    if (!encoding || bytes.byteLength % 2 !== 0) return undefined;
    try {
      return new TextEncoder().encode(new TextDecoder(encoding, { fatal: true }).decode(bytes));
    } catch {
      return undefined; // no UTF-16 after all
    }
  },
);

function encodingOf([first, second]: Uint8Array): Encoding | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (second === 0 && isAscii(first)) return 'utf-16le';
  return first === 0 && isAscii(second) ? 'utf-16be' : undefined;
}

const isAscii = (byte: number | undefined): boolean => byte !== undefined && byte > 0 && byte < 0x80;
