import { readEventJson } from '../../../contracts/schemas/read-json.ts';

/** A dead letter as the rules see it. */
export interface RepairableMessage {
  readonly of: 'customer-event' | 'fact';
  /** The name of the initiating event or of the fact, from the subject. */
  readonly kind: string;
  readonly caseId: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  /** The JSON value of the bytes; null when `readEventJson` refuses them. */
  readonly content: { readonly of: unknown } | null;
}

/**
 * One way to repair a message. A rule is pure, and answers undefined when it has nothing to repair. It leaves alone
 * every part it does not understand, and adds nothing that the message did not say in other words. To repair twice is
 * to repair once.
 */
export interface RepairRule {
  readonly name: string;
  /** Goes up when the rule's effect changes: the audit trail names the version. */
  readonly version: number;
  /** Its effect, in one sentence for people. */
  readonly sentence: string;
  /** The repaired message; undefined when there is nothing to repair. */
  repair(message: RepairableMessage): RepairableMessage | undefined;
}

type Named = Omit<RepairRule, 'repair'>;

/** The message of these bytes. */
export function readMessage(parts: Omit<RepairableMessage, 'content'>): RepairableMessage {
  const read = readEventJson(parts.bytes);
  return { ...parts, content: read.ok ? { of: read.value } : null };
}

/** A rule on the bytes, for messages that cannot be read as they are. */
export const bytesRule = (named: Named, repair: (bytes: Uint8Array) => Uint8Array | undefined): RepairRule => ({
  ...named,
  repair(message) {
    if (message.content) return undefined;
    const bytes = repair(message.bytes);
    return bytes && readMessage({ ...message, bytes });
  },
});

/** A rule on the headers. */
export const headersRule = (
  named: Named,
  repair: (message: RepairableMessage) => Readonly<Record<string, string>> | undefined,
): RepairRule => ({
  ...named,
  repair(message) {
    const headers = repair(message);
    return headers && { ...message, headers };
  },
});

/** A rule on the content of a readable message. `repair` returns its argument when there is nothing to repair. */
export const contentRule = (
  named: Named,
  repair: (content: unknown, message: Pick<RepairableMessage, 'kind' | 'headers'>) => unknown,
): RepairRule => ({
  ...named,
  repair(message) {
    if (!message.content) return undefined;
    const of = repair(message.content.of, message);
    if (of === message.content.of) return undefined;
    return { ...message, content: { of }, bytes: new TextEncoder().encode(JSON.stringify(of)) };
  },
});
