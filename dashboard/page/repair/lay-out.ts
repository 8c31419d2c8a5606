import { largestRepairable } from '../../../contracts/mediators/repair.ts';
import { tokensOf } from './json-tokens.ts';

/** Deeper than this nothing is indented further, so that a message of a thousand brackets does not become a wall of blanks. */
const deepest = 40;

/**
 * The same JSON text, one member to a line. Only blanks between the pieces change: a number past 2^53, a field that is there twice and a text that is
 * no JSON at all keep every character.
 */
export function layOut(text: string): string {
  const lines: string[] = [''];
  let depth = 0;
  const add = (piece: string) => (lines[lines.length - 1] += piece);
  const breakLine = () => lines.push('  '.repeat(Math.min(depth, deepest)));
  const tokens = tokensOf(text);
  tokens.forEach(({ kind, text: piece }, index) => {
    const before = tokens[index - 1];
    if (kind === 'close') {
      depth = Math.max(0, depth - 1);
      if (before?.kind !== 'open') breakLine();
      add(piece);
    } else {
      if (before?.kind === 'open' || before?.kind === 'comma') breakLine();
      else if (isBeside(before?.kind) && isBeside(kind)) add(' ');
      add(kind === 'colon' ? ': ' : piece);
      if (kind === 'open') depth += 1;
    }
  });
  return lines.map((line) => line.replace(/ +$/, '')).join('\n');
}

/** Two of these in a row are no JSON; the blank between them is kept. */
const isBeside = (kind: string | undefined): boolean => kind === 'string' || kind === 'scalar';

/** Laid out, unless that makes it too large to be sent: then as it is. */
export function layOutToSend(text: string): string {
  const laidOut = layOut(text);
  return new TextEncoder().encode(laidOut).byteLength > largestRepairable ? text : laidOut;
}
