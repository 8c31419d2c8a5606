/**
 * Values of CloudEvents attributes in headers, as the NATS binding says (3.1.3.2): a space, `"`, `%` and everything
 * that is no printable ASCII is the `%XX` of its UTF-8.
 */
export const encodeHeaderValue = (value: string): string =>
  value.replace(/[^\x21\x23\x24\x26-\x7e]/gu, (character) =>
    [...new TextEncoder().encode(character)].map((byte) => `%${hexadecimal(byte)}`).join(''),
  );

const hexadecimal = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0');

/**
 * The value that a header stands for: one round of decoding, after the quotes of earlier versions of the binding are
 * taken off. Bytes that are no UTF-8 become U+FFFD, which no attribute of ours may hold.
 */
export const decodeHeaderValue = (value: string): string =>
  unquoted(value).replace(/(?:%[0-9a-f]{2})+/gi, (bytes) =>
    new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.from(bytes.replaceAll('%', ''), 'hex')),
  );

const unquoted = (value: string): string =>
  /^".*"$/s.test(value) && value.length > 1 ? value.slice(1, -1).replace(/\\(.)/gs, '$1') : value;
