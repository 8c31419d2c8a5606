import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import { sentenceOf, AppError } from '../../app/app-error.ts';

/** What is sent, as it is read. */
export interface Source {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** In bytes; unknown for stdin. */
  readonly size: number | undefined;
}

/** Opens a file, or stdin for `-`; ends early when it is interrupted. Throws `AppError` for a file that cannot be read. */
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
