import { createReadStream } from 'node:fs';
import { largestEventBytes } from '../contracts/schemas/read-json.ts';
import { sentenceOf, Trouble } from './trouble.ts';

/** What was read, and what to call it. */
export interface OrderFile {
  readonly bytes: Uint8Array;
  readonly source: string;
}

/** Reads an order's file, or stdin for `-`. Reads one byte more than an order may have at most, never the rest of a large file. */
export async function readOrderFile(file: string): Promise<OrderFile> {
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
    throw new Trouble('bad-input', `${source} cannot be read: ${sentenceOf(error)}.`, { cause: error });
  }
  return { bytes: Buffer.concat(chunks), source };
}
