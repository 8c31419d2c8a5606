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

/** A mail as the sink shows it. */
export interface Mail {
  readonly messageId: string;
  readonly from: string;
  /** Recipients, with `, ` between them. */
  readonly to: string;
  readonly subject: string;
  readonly at: string;
  readonly text: string;
  readonly html: string;
}

/** Shows the mails of a journal, oldest first. A mail is parsed when it is asked for, once. */
export function mailReader(journal: Pick<Journal<MailEntry>, 'entries'>): () => Promise<readonly Mail[]> {
  const read: Promise<Mail>[] = [];
  return () => {
    for (const entry of journal.entries.slice(read.length)) read.push(parse(entry));
    return Promise.all(read);
  };
}

async function parse({ raw, from, to, at }: MailEntry): Promise<Mail> {
  const { simpleParser } = await import('mailparser');
  const { messageId = '', subject = '', text = '', html } = await simpleParser(Buffer.from(raw, 'latin1'));
  return { messageId, from, to: to.join(', '), subject, at, text, html: html || '' };
}
