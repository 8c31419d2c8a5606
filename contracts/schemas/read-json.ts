/** The most an initiating event may be, in bytes, wherever it comes from. */
export const largestEventBytes = 64 * 1024;

/** JSON that was read, or one sentence about why it was not. The sentence never quotes what was read. */
export type ReadJson =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string };

/** Reads one initiating event: UTF-8 JSON of at most 64 KiB. `source` names where it came from, for the sentence. */
export function readJson(bytes: Uint8Array, source: string): ReadJson {
  if (bytes.byteLength > largestEventBytes)
    return refused(`${source} is larger than 64 KiB, the most an order may be.`);
  const text = decode(bytes);
  if (text === undefined) return refused(`${source} is not UTF-8 text.`);
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return refused(`${source} is not JSON.`); // the parser's own message quotes the text, which may hold a card token
  }
}

const refused = (message: string): ReadJson => ({ ok: false, message });

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
