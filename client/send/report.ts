import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { AppError, sentenceOf } from '../../app/app-error.ts';
import { jsonIn } from '../../contracts/schemas/read-json.ts';
import { linesOf } from './lines.ts';
import type { EventResult } from './tally.ts';

/**
 * The acknowledged and the other events, as JSON lines; a later line about an event replaces an earlier one. A run with
 * the same file sends only the events that are not acknowledged there. It takes about 60 bytes of memory for each
 * acknowledged event.
 */
export type Report = Awaited<ReturnType<typeof openReport>>;

/** Stands for a report when none was asked for. */
export const noReport: Report = {
  hasAcknowledged: () => false,
  write: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

/** Opens a report, and reads its lines. Throws an `AppError` for a file that is no report or cannot be written. */
export async function openReport(path: string) {
  const known = await acknowledgedIn(path);
  const file = await openToAppend(path);
  const { size } = await file.stat();
  if (size > 0) await file.appendFile('\n'); // a run that was killed while it wrote left half a line
  return {
    hasAcknowledged: (messageId: string): boolean => known.has(digestOf(messageId)),
    write: (result: EventResult): Promise<void> => file.appendFile(`${JSON.stringify(shortened(result))}\n`),
    async close(): Promise<void> {
      await file.sync();
      await file.close();
    },
  };
}

const shortened = (result: EventResult): object =>
  result.state === 'acknowledged' ? { ...result, key: digestOf(result.key) } : result;

/** 128 bits of the message's id, which stands for the event's id, its source and its body. */
const digestOf = (messageId: string): string =>
  createHash('sha256').update(messageId).digest().subarray(0, 16).toString('base64url');

const openToAppend = async (path: string) => {
  try {
    return await open(path, 'a');
  } catch (error) {
    throw new AppError('bad-input', `--report ${path} cannot be written: ${sentenceOf(error)}.`, { cause: error });
  }
};

async function acknowledgedIn(path: string): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  let isRead = false;
  try {
    for await (const { bytes } of linesOf(createReadStream(path))) {
      const line = reportLineIn(bytes);
      if (!line && !isRead)
        throw new AppError('bad-input', `--report ${path} is another file, not a report of "send".`);
      isRead = true;
      if (line?.key !== undefined) known.add(line.key);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return known;
    if (error instanceof AppError) throw error;
    throw new AppError('bad-input', `--report ${path} cannot be read: ${sentenceOf(error)}.`, { cause: error });
  }
  return known;
}

const reportStates: readonly unknown[] = ['acknowledged', 'refused', 'unanswered'] satisfies EventResult['state'][];

/** One line of a report; undefined for half a line, or a line of another file. */
function reportLineIn(bytes: Uint8Array): { readonly state: unknown; readonly key?: string } | undefined {
  const line = jsonIn(new TextDecoder().decode(bytes)) as { state?: unknown; key?: string } | null | undefined;
  return reportStates.includes(line?.state) && typeof line === 'object' ? (line as { state: unknown }) : undefined;
}
