import { headers, type MsgHdrs } from 'nats';
import { decodeHeaderValue, encodeHeaderValue } from '../cloud-events/header-values.ts';
import type { Message } from './broker.ts';

type Headers = Message['headers'];

/** The headers as the client sends them; the values of CloudEvents attributes are encoded. */
export const toNatsHeaders = (given: Headers): MsgHdrs => {
  const made = headers();
  for (const [name, value] of Object.entries(given))
    made.set(name, isAttribute(name) ? encodeHeaderValue(value) : value);
  return made;
};

const isAttribute = (name: string): boolean => /^ce-/i.test(name);

/**
 * The headers of a message as the client parses them; the values of CloudEvents attributes are decoded. Null when a
 * line of them is no header: the client throws then, when `headers` is asked for.
 */
export function readableHeaders(message: { readonly headers?: MsgHdrs }): Headers | null {
  try {
    return joined(
      [...(message.headers ?? [])].flatMap(([name, values]) => values.map((value) => [name, value] as const)),
    );
  } catch {
    return null;
  }
}

/**
 * The headers of a block as it came, with any lines. The first line is the protocol's own and is left out; a
 * line without a colon is a name with an empty value.
 */
export function parseHeaderBlock(block: string): Headers {
  const lines = block.split('\r\n').slice(1).filter(Boolean);
  return joined(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
  );
}

function joined(lines: readonly (readonly [name: string, value: string])[]): Headers {
  const values = new Map<string, string>();
  for (const [name, value] of lines) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  const decoded = [...values].map(([name, value]) => [name, isAttribute(name) ? decodeHeaderValue(value) : value]);
  return Object.fromEntries(decoded) as Headers;
}

/**
 * True for a header that can be sent. NATS's clients differ in what they let through, so a header that came need not be
 * one.
 */
export const isSendableHeader = ([name, value]: readonly [string, string]): boolean =>
  /^[\x21-\x39\x3b-\x7e]+$/.test(name) && !/[\r\n]/.test(value);

/** Leaves out the headers that cannot be sent: because of them a message that goes back would be refused for ever. */
export const sendableHeaders = (given: Headers): Headers =>
  Object.fromEntries(Object.entries(given).filter(isSendableHeader));
