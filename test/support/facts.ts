import type { FactBodies } from '../../contracts/fact-bodies.ts';
import { factAreas, factSource, type Fact, type FactName } from '../../contracts/facts.ts';
import type { WrittenFact } from '../../broker-bridge/facts/cloud-events.ts';

/** The id of a fact, a UUID, by a number of the test's choice. */
export const factId = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

const first = {
  id: factId(1),
  source: factSource,
  epoch: 1,
  sequence: 1,
  time: '2026-11-23T10:15:30.250Z',
  correlationId: null,
  causationId: null,
} as const;

type Changes = Partial<Omit<Fact, 'name' | 'area' | 'key' | 'version' | 'body'>>;

/** A fact as a listener receives it: the first one of its key, with changes. */
export const aFact = <Name extends FactName>(
  name: Name,
  key: string,
  body: FactBodies[Name],
  changes: Changes = {},
): Fact<Name> => ({ ...first, version: 1, name, area: factAreas[name], key, body, ...changes });

/** A fact as the outbox holds it. A body that is text is taken as it stands. */
export const aWrittenFact = (
  name: FactName,
  key: string,
  body: object | string,
  changes: Changes = {},
): WrittenFact => ({
  ...first,
  name,
  area: factAreas[name],
  key,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  ...changes,
});
