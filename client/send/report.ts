import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { sentenceOf, AppError } from '../../app/app-error.ts';
import { linesOf } from './lines.ts';
import type { Settled } from './tally.ts';

/**
 * What was acknowledged and what was not, as JSON lines; later lines about an event count more. Running again with the same file sends only what is
 * not acknowledged there. It remembers about 60 bytes of memory for each acknowledged event.
 */
export interface Report {
  hasAcknowledged(messageId: string): boolean;
  write(settled: Settled): Promise<void>;
  close(): Promise<void>;
}

/** What a report is when none was asked for. */
export const noReport: Report = {
  hasAcknowledged: () => false,
  write: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

/** Opens a report, and reads what is there already. Throws `AppError` for a file that is something else, or cannot be written. */
export async function openReport(path: string): Promise<Report> {
  const known = await acknowledgedIn(path);
  const file = await opened(path);
  const { size } = await file.stat();
  if (size > 0) await file.appendFile('\n'); // what was killed while it wrote left half a line
  return {
    hasAcknowledged: (messageId) => known.has(keyOf(messageId)),
    write: (settled) => file.appendFile(`${JSON.stringify(lineOf(settled))}\n`),
    close: async () => {
      await file.sync();
      await file.close();
    },
  };
}

const lineOf = (settled: Settled): object =>
  settled.state === 'acknowledged' ? { ...settled, key: keyOf(settled.key) } : settled;

/** 128 bits of the message's id, which stands for the event's id, its source and its body. */
const keyOf = (messageId: string): string =>
  createHash('sha256').update(messageId).digest().subarray(0, 16).toString('base64url');

const opened = async (path: string) => {
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
      const line = lineIn(bytes);
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

const states: readonly unknown[] = ['acknowledged', 'refused', 'unanswered'] satisfies Settled['state'][];

/** Undefined for what is no line of a report: half a line, or another file. */
function lineIn(bytes: Uint8Array): { readonly state: unknown; readonly key?: string } | undefined {
  try {
    const line = JSON.parse(new TextDecoder().decode(bytes)) as { state?: unknown; key?: string } | null;
    return states.includes(line?.state) && typeof line === 'object' ? (line as { state: unknown }) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
