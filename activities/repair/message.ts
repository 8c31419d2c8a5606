import { readEventJson } from '../../contracts/schemas/read-json.ts';

/** An erroneous message as the rules see it. */
export interface RepairableMessage {
  readonly of: 'customer-event' | 'fact';
  /** The name of the initiating event or of the fact, as the subject has it. */
  readonly kind: string;
  readonly caseId: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  /** What the bytes say; null when they cannot be read without trust. */
  readonly content: { readonly of: unknown } | null;
}

/**
 * One way to repair a message. Pure: undefined when there is nothing it can repair. It leaves alone what it does not understand, and never puts
 * anything into a message that did not stand there in other words. Repairing twice is repairing once.
 */
export interface RepairRule {
  readonly name: string;
  /** Goes up when what it does changes: the audit trail names it. */
  readonly version: number;
  /** What it does, for people. */
  readonly sentence: string;
  repair(message: RepairableMessage): RepairableMessage | undefined;
}

type Named = Omit<RepairRule, 'repair'>;

/** The message of these bytes. */
export function messageOf(parts: Omit<RepairableMessage, 'content'>): RepairableMessage {
  const read = readEventJson(parts.bytes);
  return { ...parts, content: read.ok ? { of: read.value } : null };
}

/** A rule on the bytes, for messages that cannot be read as they are. */
export const bytesRule = (named: Named, repair: (bytes: Uint8Array) => Uint8Array | undefined): RepairRule => ({
  ...named,
  repair(message) {
    if (message.content) return undefined;
    const bytes = repair(message.bytes);
    return bytes && messageOf({ ...message, bytes });
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

/** A rule on the content, for messages that can be read: whatever it returns that is not the same is the new content. */
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
