import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import { AppError, sentenceOf } from '../../app/app-error.ts';
import { jsonIn } from '../../contracts/schemas/read-json.ts';

/** A line of the input, or a whole document of one event over several lines. */
export interface Line {
  /** The number of the line it begins on, from 1. */
  readonly number: number;
  readonly bytes: Uint8Array;
  /** The number of input bytes that have been read with it. */
  readonly endsAt: number;
  /** True when it was longer than the queue takes; `bytes` then holds its beginning only. */
  readonly isCut: boolean;
}

/** No queue takes a longer message. A longer line is cut, so that an endless line takes no more memory than others. */
export const longestLine = 1024 * 1024;

const newline = 0x0a;

/**
 * The lines of a stream that are not empty, with one line and one chunk in memory. A document of one event over several
 * lines, as an editor writes it, is one line.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const lines = splitLines(chunks);
  const first = await lines.next();
  if (first.done) return;
  yield* isWhole(first.value) ? [first.value] : documentOr(first.value, lines);
  yield* lines;
}

/**
 * A first line that is no JSON by itself may begin a document over the whole input. Otherwise the input is lines after
 * all.
 */
async function* documentOr(first: Line, lines: AsyncGenerator<Line>): AsyncGenerator<Line> {
  const held = [first];
  let size = first.bytes.byteLength;
  while (size <= longestLine) {
    const next = await lines.next();
    if (next.done) {
      const document = { ...first, bytes: joined(held), endsAt: held.at(-1)?.endsAt ?? first.endsAt };
      yield* isWhole(document) ? [document] : held;
      return;
    }
    held.push(next.value);
    size += next.value.bytes.byteLength + 1;
  }
  yield* held;
}

const joined = (lines: readonly Line[]): Uint8Array =>
  Buffer.concat(lines.flatMap(({ bytes }, index) => (index === 0 ? [bytes] : [Buffer.of(newline), bytes])));

/** The decoder drops a byte order mark. */
const isWhole = ({ bytes }: Line): boolean => jsonIn(new TextDecoder().decode(bytes)) !== undefined;

async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let size = 0;
  let number = 1;
  let endsAt = 0;
  const keep = (part: Uint8Array) => {
    if (size < longestLine) parts.push(part.subarray(0, longestLine - size));
    size += part.byteLength;
  };
  const line = (): Line => ({ number, bytes: Buffer.concat(parts), endsAt, isCut: size > longestLine });
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
      keep(chunk.subarray(from, at));
      endsAt += at + 1 - from;
      from = at + 1;
      if (!isBlank(parts)) yield line();
      [parts, size, number] = [[], 0, number + 1];
    }
    keep(chunk.subarray(from));
    endsAt += chunk.byteLength - from;
  }
  if (!isBlank(parts)) yield line();
}

const isBlank = (parts: readonly Uint8Array[]): boolean =>
  parts.every((part) => part.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d));

/** A file or stdin while it is read. */
export interface Source {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** In bytes; unknown for stdin. */
  readonly size: number | undefined;
}

/**
 * Opens a file, or stdin for `-`; ends early when it is interrupted. Throws `AppError` for a file that cannot be read.
 */
export async function openSource(file: string, interrupted: AbortSignal): Promise<Source> {
  if (file === '-') return { chunks: chunksOf('What came from stdin', process.stdin, interrupted), size: undefined };
  const { size } = await stat(file).catch((error: unknown) => Promise.reject(unreadable(file, error)));
  return { chunks: chunksOf(file, createReadStream(file), interrupted), size };
}

async function* chunksOf(name: string, stream: Readable, interrupted: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of addAbortSignal(interrupted, stream)) yield chunk as Uint8Array;
  } catch (error) {
    if (!interrupted.aborted) throw unreadable(name, error);
  }
}

const unreadable = (name: string, error: unknown): AppError =>
  new AppError('bad-input', `${name} cannot be read: ${sentenceOf(error)}.`, { cause: error });
