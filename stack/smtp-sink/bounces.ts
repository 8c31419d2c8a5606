import type { CloudEvent } from '../../broker-bridge/intake/encode-event.ts';
import type { MailBounced } from '../../contracts/mediators/customer-mediator.ts';
import type { Journal } from '../journal.ts';
import { parseMail, type MailEntry, type SinkEntry } from './mails.ts';

/** The domains whose mails come back, each with its status (RFC 3463): there is no such mailbox, or it is full. */
const bouncingDomains: Readonly<Record<string, MailBounced['status']>> = {
  'bounces.example': '5.1.1',
  'full.example': '4.2.2',
};

/** The status with which a mail comes back; undefined for one that is delivered. */
export const bounceOf = ({ to }: Pick<MailEntry, 'to'>): MailBounced['status'] | undefined =>
  to.map((address) => bouncingDomains[address.slice(address.lastIndexOf('@') + 1).toLowerCase()]).find(Boolean);

export interface BouncerOptions {
  readonly journal: Pick<Journal<SinkEntry>, 'entries' | 'append'>;
  /** Resolves when the event is kept. */
  readonly publish: (event: CloudEvent) => Promise<unknown>;
  /** Hears why an event could not be published; it is tried again. */
  readonly onFailure: (error: unknown) => void;
  /** Milliseconds from a failure to the next attempt. */
  readonly pauseMs?: number;
}

/**
 * Tells the shop of every mail of its own that comes back: an event each, again until it is kept, also after a crash.
 * So an event may come twice, under the same id.
 */
export function createBouncer({ journal, publish, onFailure, pauseMs = 1_000 }: BouncerOptions) {
  const told = new Set<string>();
  const open: Bounce[] = [];
  let seen = 0;
  let isBusy = false;
  const read = () => {
    for (; seen < journal.entries.length; seen += 1) {
      const entry = journal.entries[seen];
      if (entry?.type === 'bounce') told.add(entry.id);
      const status = entry?.type === 'mail' && bounceOf(entry);
      if (status) open.push({ id: `bounce-${seen + 1}-${Date.parse(entry.at)}`, mail: entry, status });
    }
    return open[0];
  };
  const tell = async ({ id, mail, status }: Bounce) => {
    const { messageId, customerId } = await parseMail(mail);
    const data: MailBounced = { customerId, messageId, status };
    if (customerId && messageId)
      await publish({ id, source: 'urn:example:mail-server', type: 'mail-bounced', time: mail.at, data });
    await journal.append({ type: 'bounce', at: new Date().toISOString(), id });
  };
  /** Tells of what has come in and is not told yet. */
  const wake = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    try {
      for (let next = read(); next; next = read()) {
        if (!told.has(next.id)) await tell(next);
        open.shift();
      }
    } catch (error) {
      onFailure(error);
      setTimeout(() => void wake(), pauseMs).unref();
    } finally {
      isBusy = false;
    }
  };
  return { wake };
}

interface Bounce {
  /** The event's id: of the mail's place in the journal, and when it came. */
  readonly id: string;
  readonly mail: MailEntry;
  readonly status: string;
}
