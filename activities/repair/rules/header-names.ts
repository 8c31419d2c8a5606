import { eventHeaders } from '../../../contracts/customer-event-queue.ts';
import { headersRule } from '../message.ts';

const known: ReadonlySet<string> = new Set(Object.values(eventHeaders).filter((name) => name.startsWith('ce-')));

export const headerNames = headersRule(
  {
    name: 'header-names',
    version: 1,
    sentence: 'The names of CloudEvents headers are lower case, their values without spaces around.',
  },
  ({ headers }) => {
    const repaired: Record<string, string> = { ...headers };
    for (const [name, value] of Object.entries(headers)) {
      const lower = name.toLowerCase();
      if (!known.has(lower) || (name !== lower && Object.hasOwn(headers, lower))) continue;
      if (name !== lower) delete repaired[name];
      repaired[lower] = value.trim();
    }
    return isSame(repaired, headers) ? undefined : repaired;
  },
);

const isSame = (one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean =>
  Object.keys(other).every((name) => one[name] === other[name]);
