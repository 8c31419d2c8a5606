import { createReadStream } from 'node:fs';
import { largestEventBytes, readJson } from '../../contracts/schemas/read-json.ts';
import { sentenceOf, AppError } from '../../app/app-error.ts';

/** Reads one JSON value from a file, or from stdin for `-`. Throws an `AppError` that never quotes what was read. */
export async function readJsonFile(file: string): Promise<unknown> {
  const { bytes, source } = await readInput(file);
  const read = readJson(bytes, source);
  if (!read.ok) throw new AppError('bad-input', read.message);
  return read.value;
}

/** The bytes that were read, and the name of their source. */
interface Input {
  readonly bytes: Uint8Array;
  readonly source: string;
}

/**
 * The bytes of a file, or of stdin for `-`. It reads at most one byte more than the largest event, so that a large file
 * is not read to its end.
 */
export async function readInput(file: string): Promise<Input> {
  const source = file === '-' ? 'What came from stdin' : file;
  const stream = file === '-' ? process.stdin : createReadStream(file, { end: largestEventBytes });
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).byteLength;
      if (size > largestEventBytes) break;
    }
  } catch (error) {
    throw new AppError('bad-input', `${source} cannot be read: ${sentenceOf(error)}.`, { cause: error });
  }
  return { bytes: Buffer.concat(chunks), source };
}
