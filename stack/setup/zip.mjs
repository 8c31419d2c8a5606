import { inflateRawSync } from 'node:zlib';

const endOfDirectory = 0x06054b50;
const stored = 0;
const deflated = 8;

/**
 * The content of the one file of a zip archive whose name ends so.
 *
 * @param {Buffer} zip
 * @param {string} nameEnds
 */
export function fileInZip(zip, nameEnds) {
  const entry = entriesOf(zip).find(({ name }) => name.endsWith(nameEnds));
  if (!entry) throw new Error(`The archive has no file ${nameEnds}.`);
  // The name and the extra field may be longer in front of the file than in the directory.
  const start = entry.offset + 30 + zip.readUInt16LE(entry.offset + 26) + zip.readUInt16LE(entry.offset + 28);
  const content = zip.subarray(start, start + entry.compressedSize);
  if (entry.method === stored) return content;
  if (entry.method === deflated) return inflateRawSync(content);
  throw new Error(`The archive packs ${entry.name} in a way (${entry.method}) that is not known here.`);
}

/**
 * Reads the archive's directory, which stands at its end.
 *
 * @param {Buffer} zip
 */
function entriesOf(zip) {
  const end = findEnd(zip);
  const entries = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameLength = zip.readUInt16LE(at + 28);
    entries.push({
      method: zip.readUInt16LE(at + 10),
      compressedSize: zip.readUInt32LE(at + 20),
      offset: zip.readUInt32LE(at + 42),
      name: zip.toString('utf8', at + 46, at + 46 + nameLength),
    });
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}

/** @param {Buffer} zip */
function findEnd(zip) {
  for (let at = zip.length - 22; at >= 0; at -= 1) if (zip.readUInt32LE(at) === endOfDirectory) return at;
  throw new Error('This is not a zip archive.');
}
