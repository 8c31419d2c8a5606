import { headers, type MsgHdrs } from 'nats';
import type { Message } from './broker.ts';

type Headers = Message['headers'];

/** Headers in the client's words. */
export const toNatsHeaders = (given: Headers): MsgHdrs => {
  const made = headers();
  for (const [name, value] of Object.entries(given)) made.set(name, value);
  return made;
};

/**
 * The headers of a message that came. The client throws for a line that is no header, and every language's client sends what it likes: such a block
 * is read here, each line as it is. `block` are its bytes.
 */
export function readHeaders(read: () => MsgHdrs | undefined, block: () => Uint8Array | undefined): Headers {
  try {
    return joined([...(read() ?? [])].flatMap(([name, values]) => values.map((value) => [name, value] as const)));
  } catch {
    return joined(linesOf(new TextDecoder().decode(block())));
  }
}

/** Without the first line, which is the protocol's own. A line without a colon is a name without a value. */
function linesOf(block: string): (readonly [name: string, value: string])[] {
  const lines = block.split('\r\n').slice(1);
  return lines.filter(Boolean).map((line) => {
    const colon = line.indexOf(':');
    return colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
}

function joined(lines: readonly (readonly [name: string, value: string])[]): Headers {
  const values = new Map<string, string>();
  for (const [name, value] of lines) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(values);
}
