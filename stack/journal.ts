import { mkdir, open, readFile, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** An append-only list of entries on disk, one JSON object per line. */
export type Journal<Entry> = ReturnType<typeof journalOn<Entry>>;

interface Waiting<Entry> {
  readonly entry: Entry;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Opens `ledger.jsonl` in a folder, or makes it. A last line that a crash tore is dropped: it was never acknowledged.
 */
export async function openJournal<Entry>(folder: string): Promise<Journal<Entry>> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'ledger.jsonl');
  const file = await open(path, 'a+');
  const entries = (await readWhole(path, file)) as Entry[];
  await syncFolder(folder);
  return journalOn(file, entries);
}

function journalOn<Entry>(file: FileHandle, entries: Entry[]) {
  let waiting: Waiting<Entry>[] = [];
  let writing: Promise<void> | undefined;
  const writeAll = async () => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await writeBatch(file, batch, entries);
    }
    writing = undefined;
  };
  return {
    /** Every entry that is safely on disk, oldest first. */
    entries: entries as readonly Entry[],
    /**
     * Resolves when the entry is on disk (fsync); entries that come at the same time share one. After a failure every
     * further call fails.
     */
    append: (entry: Entry): Promise<void> =>
      new Promise((done, failed) => {
        waiting.push({ entry, done, failed });
        writing ??= writeAll();
      }),
    async close(): Promise<void> {
      await writing;
      await file.close();
    },
  };
}

const broken = new WeakMap<FileHandle, unknown>();

/** One write and one fsync for all. An entry after a failed write would follow half a line, so no entry may follow. */
async function writeBatch<Entry>(file: FileHandle, batch: readonly Waiting<Entry>[], entries: Entry[]): Promise<void> {
  try {
    if (broken.has(file)) throw broken.get(file);
    await file.appendFile(batch.map(({ entry }) => `${JSON.stringify(entry)}\n`).join(''));
    await file.datasync();
    for (const { entry, done } of batch) {
      entries.push(entry);
      done();
    }
  } catch (error) {
    broken.set(file, error);
    for (const { failed } of batch) failed(error);
  }
}

async function readWhole(path: string, file: FileHandle): Promise<unknown[]> {
  const content = await readFile(path);
  const whole = content.subarray(0, content.lastIndexOf('\n') + 1);
  if (whole.length < content.length) await file.truncate(whole.length);
  const lines = whole.toString('utf8').split('\n').slice(0, -1);
  return lines.map((line, index) => parseLine(line, `${path}, line ${index + 1}`));
}

function parseLine(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new Error(`${place} is not JSON: the ledger was changed by something else; put it right or remove it.`, {
      cause,
    });
  }
}

/** Makes sure that the file itself is still there after a crash of the machine. */
async function syncFolder(folder: string): Promise<void> {
  for (const path of [folder, dirname(folder)]) {
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}
