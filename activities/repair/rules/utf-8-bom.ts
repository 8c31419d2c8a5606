import { bytesRule } from '../message.ts';

export const utf8Bom = bytesRule(
  { name: 'utf-8-bom', version: 1, sentence: 'A byte order mark before UTF-8 is left out.' },
  (bytes) => (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : undefined),
);
