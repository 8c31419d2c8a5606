import { describe, expect, test } from 'vitest';
import { linesOf, longestLine, type Line } from '../../../../client/send/lines.ts';

async function* chunksOf(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string, chunk = 64 * 1024): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const line of linesOf(chunksOf(text, chunk))) lines.push(line);
  return lines;
}

const texts = (lines: readonly Line[]) => lines.map(({ number, bytes }) => [number, Buffer.from(bytes).toString()]);

describe('the lines of what is sent', () => {
  test.each([1, 2, 3, 7, 1000])('are the same however the input is cut, %i bytes at a time', async (size) => {
    const lines = await read('{"a":1}\n\n  \r\n{"ö":2}\n{"c":3}', size);
    expect(texts(lines)).toEqual([
      [1, '{"a":1}'],
      [4, '{"ö":2}'],
      [5, '{"c":3}'],
    ]);
    expect(lines.map(({ endsAt }) => endsAt)).toEqual([8, 22, 29]);
  });

  test('none are in an empty input', async () => {
    expect(await read('')).toEqual([]);
    expect(await read('\n \n')).toEqual([]);
  });

  test('a document over several lines is one', async () => {
    const document = JSON.stringify({ id: 'e-1', data: { a: [1, 2] } }, null, 2);
    const [line, ...rest] = await read(`\n${document}\n`, 5);
    expect(rest).toEqual([]);
    expect(line).toMatchObject({ number: 2, isCut: false, endsAt: document.length + 2 });
    expect(JSON.parse(Buffer.from(line?.bytes ?? []).toString())).toEqual(JSON.parse(document));
  });

  test('a first line that is no JSON does not make a document of the others', async () => {
    expect(texts(await read('{"a":\n{"b":2}\n{"c":3}\n'))).toEqual([
      [1, '{"a":'],
      [2, '{"b":2}'],
      [3, '{"c":3}'],
    ]);
  });

  test('a first line that is no JSON holds back no more than a document may have', async () => {
    let given = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('{\n');
      for (;;) {
        given += 1000;
        yield Buffer.from(`"${'x'.repeat(997)}"\n`);
      }
    }
    for await (const { number } of linesOf(endless())) if (number === 10) break;
    expect(given).toBeLessThan(2 * longestLine);
  });

  test('one that is longer than the queue takes is cut, and the next one is whole', async () => {
    const lines = await read(`{"a":1}\n${'x'.repeat(2.5 * longestLine)}\n{"c":3}\n`);
    expect(lines.map(({ isCut, bytes }) => [isCut, bytes.byteLength])).toEqual([
      [false, 7],
      [true, longestLine],
      [false, 7],
    ]);
  });
});
