import { withReadTitles } from './isbn.ts';
import { isRecord } from './record.ts';

/**
 * Input of people, and of programs that ask, as the queue's rules of repair read it: titles as people write them, and
 * codes of countries and currencies in lower case. Everything else as it is.
 */
export function asMeant(input: unknown): unknown {
  const read = withReadTitles(input);
  return isRecord(read)
    ? Object.fromEntries(Object.entries(read).map(([name, value]) => [name, meant(name, value)]))
    : read;
}

function meant(name: string, value: unknown): unknown {
  if (name === 'currency') return code(value);
  return name === 'shipTo' && isRecord(value) && 'country' in value
    ? { ...value, country: code(value['country']) }
    : value;
}

/** A code of two or three letters in capitals; anything else as it is. */
const code = (value: unknown): unknown =>
  typeof value === 'string' && /^[A-Za-z]{2,3}$/.test(value) ? value.toUpperCase() : value;
