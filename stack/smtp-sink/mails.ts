import { customerHeader } from '../../contracts/notification.ts';
import type { Journal } from '../journal.ts';

/** A mail as it came in, byte for byte. */
export interface MailEntry {
  readonly type: 'mail';
  /** When it was accepted, ISO 8601. */
  readonly at: string;
  /** The envelope's sender. */
  readonly from: string;
  /** The envelope's recipients. */
  readonly to: readonly string[];
  /** Headers and body; each character is one byte. */
  readonly raw: string;
}

/** A mail that the sink has told of as bounced. */
export interface BounceEntry {
  readonly type: 'bounce';
  /** ISO 8601. */
  readonly at: string;
  /** The event's id. */
  readonly id: string;
}

export type SinkEntry = MailEntry | BounceEntry;

/** A mail as the sink shows it. */
export interface Mail {
  readonly messageId: string;
  /** The header `X-Customer-ID`; empty without one. */
  readonly customerId: string;
  readonly from: string;
  /** Recipients, with `, ` between them. */
  readonly to: string;
  readonly subject: string;
  readonly at: string;
  readonly text: string;
  readonly html: string;
}

/** Shows the mails of a journal, oldest first. A mail is parsed when it is asked for, once. */
export function mailReader(journal: Pick<Journal<SinkEntry>, 'entries'>): () => Promise<readonly Mail[]> {
  const read: Promise<Mail>[] = [];
  let seen = 0;
  return () => {
    const news = journal.entries.slice(seen);
    seen += news.length;
    for (const entry of news) if (entry.type === 'mail') read.push(parseMail(entry));
    return Promise.all(read);
  };
}

export async function parseMail({ raw, from, to, at }: MailEntry): Promise<Mail> {
  const { simpleParser } = await import('mailparser');
  const parsed = await simpleParser(Buffer.from(raw, 'latin1'));
  const { messageId = '', subject = '', text = '', html, headers } = parsed;
  const customer = headers.get(customerHeader.toLowerCase());
  const customerId = typeof customer === 'string' ? customer : '';
  return { messageId, customerId, from, to: to.join(', '), subject, at, text, html: html || '' };
}
