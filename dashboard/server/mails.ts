import { z } from 'zod';
import type { Sources } from '../../app/sources.ts';
import { findMail, mailTable, type KeptMail } from '../../app/reads/mails.ts';
import type { MailRow } from '../../contracts/views.ts';
import type { MailView } from './api/people.ts';
import { Failure } from './failure.ts';
import { fromCursor, microsecondInstant, lookedFor, pageOf } from './input.ts';
import type { Mails } from './ports.ts';

/** Reads the content of a sent mail by its Message-ID; null when it is not kept, or the mail server does not answer. */
export type ReadContent = (messageId: string) => Promise<MailView['content']>;

const mailPlace = z.strictObject({ intendedAt: microsecondInstant, requestId: lookedFor(700) });

/** The mails of the shop: what notification keeps of them, and their content where it can be read. */
export const createMails = ({ database }: Pick<Sources, 'database'>, readContent: ReadContent): Mails => ({
  async page({ q, cursor, limit }) {
    const after = cursor === undefined ? null : fromCursor(mailPlace, cursor);
    const found = await mailTable(database, { ...(q ? { q } : {}), after, limit: limit + 1 });
    const { rows, next } = pageOf(found, limit, ({ intendedAt, requestId }) => ({ intendedAt, requestId }));
    return { mails: rows.map(mailRow), next };
  },
  async one(requestId) {
    const kept = await findMail(database, requestId);
    if (!kept) throw new Failure('not-found', 'There is no such mail.');
    return { ...mailRow(kept), content: kept.sentAt === null ? null : await readContent(kept.messageId) };
  },
});

function mailRow(kept: KeptMail): MailRow {
  const { messageId: _, ...mail } = kept;
  return mail;
}

const sinkMail = z.object({ from: z.string(), to: z.string(), subject: z.string(), text: z.string() });

const withinMs = 3_000;

/**
 * Reads from the SMTP sink that `npm start` runs; a real mail server keeps no mails for us. Only the text is taken,
 * not the HTML.
 */
export const readFromSink =
  (url: string | undefined): ReadContent =>
  async (messageId) => {
    if (url === undefined) return null;
    const address = new URL(`/mails/${encodeURIComponent(messageId)}`, url);
    // A sink that is away is like one that is not there.
    const answer = await fetch(address, { signal: AbortSignal.timeout(withinMs) }).catch(() => undefined);
    if (!answer?.ok) return null;
    const parsed = sinkMail.safeParse(await answer.json().catch(() => undefined));
    return parsed.success ? parsed.data : null;
  };
