import { bytesRule } from '../message.ts';

/** Strings whole, so that what stands inside one is left alone, one that never closes to the end; a comma before a closing bracket. */
const tokens = /("(?:[^"\\]|\\.)*"?)|,(?=\s*[}\]])/gs;

/** Where an element is missing (`[1,,2]`, `[,]`) nobody can tell whether one was left out. */
export const trailingComma = bytesRule(
  {
    name: 'trailing-comma',
    version: 1,
    sentence: 'A comma after the last element of a list or an object is left out.',
  },
  (bytes) => {
    const text = textOf(bytes);
    if (text === undefined || /[[{,]\s*,/.test(text.replaceAll(/"(?:[^"\\]|\\.)*"?/gs, '""'))) return undefined;
    const repaired = text.replace(tokens, (_, string: string | undefined) => string ?? '');
    return repaired === text ? undefined : new TextEncoder().encode(repaired);
  },
);

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined; // not UTF-8: nothing for this rule
  }
}
