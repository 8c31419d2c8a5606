import { factIn } from '../../broker-bridge/facts/cloud-events.ts';
import type { Broker } from '../../broker-bridge/nats/broker.ts';
import { factSource, factStream, type Fact, type FactArea } from '../../contracts/facts.ts';
import { bigintNumber, text, uuid } from '../../prisma/codec.ts';
import { sql } from '../../prisma/sql.ts';
import { statement, type SqlRunner } from '../../prisma/statement.ts';

/** A fact that the stream has, and the database does not know. */
export type LostFact = Pick<Fact, 'name' | 'time' | 'epoch' | 'sequence' | 'body'>;

/** A key of which facts are lost, in their sequence. */
export interface LostKey {
  readonly key: string;
  readonly area: FactArea;
  readonly facts: readonly LostFact[];
}

/** Facts that are looked up at once. */
const chunk = 1_000;

/**
 * Reads the stream once, with no more than a chunk of it in memory. Resolves with the keys of which the database does
 * not know every fact and has told nothing in a later epoch, and with the greatest epoch of all facts.
 */
export async function findLost(
  broker: Pick<Broker, 'follow'>,
  on: SqlRunner,
): Promise<{ readonly keys: readonly LostKey[]; readonly epoch: number }> {
  const lost = new Map<string, { key: string; area: FactArea; facts: LostFact[] }>();
  let epoch = 0;
  let read: Fact[] = [];
  const lookUp = async (): Promise<void> => {
    const unknown = new Set((await on.run(unknownFacts(read))).map(({ id }) => id));
    for (const fact of read) if (unknown.delete(fact.id)) note(lost, fact);
    read = [];
  };
  const { name: stream, subjects } = factStream;
  for await (const message of broker.follow({ stream, subjects, since: 'all', endsNow: true })) {
    const fact = factIn(message);
    if (fact?.source !== factSource) continue; // another source has an outbox of its own
    epoch = Math.max(epoch, fact.epoch);
    if (read.push(fact) === chunk) await lookUp();
  }
  await lookUp();
  return { keys: await withoutMended(on, [...lost.values()]), epoch };
}

/** A fact may stand in the stream twice. */
function note(
  lost: Map<string, { key: string; area: FactArea; facts: LostFact[] }>,
  { key, area, name, time, epoch, sequence, body }: Fact,
): void {
  const known = lost.get(key) ?? { key, area, facts: [] };
  if (known.facts.some((fact) => fact.epoch === epoch && fact.sequence === sequence)) return;
  known.facts.push({ name, time, epoch, sequence, body });
  lost.set(key, known);
}

const inOrder = (one: LostFact, other: LostFact): number => one.epoch - other.epoch || one.sequence - other.sequence;

/** A key that has told something in a later epoch was mended by an earlier check. */
async function withoutMended(on: SqlRunner, keys: readonly LostKey[]): Promise<readonly LostKey[]> {
  const rows = await on.run(epochsOf(keys.map(({ key }) => key)));
  const counted = new Map(rows.map(({ key, epoch }) => [key, epoch]));
  return keys
    .map(({ facts, ...of }) => ({ ...of, facts: facts.toSorted(inOrder) }))
    .filter(({ key, facts }) => (counted.get(key) ?? 0) <= (facts.at(-1)?.epoch ?? 0))
    .toSorted((one, other) => (one.key < other.key ? -1 : 1));
}

/** Those of the given facts that the outbox does not have. */
export const unknownFacts = statement(
  'app.unknown-facts',
  { id: uuid },
  (facts: readonly Pick<Fact, 'id' | 'key' | 'epoch' | 'sequence'>[]) => sql`
    SELECT given.id FROM unnest(${facts.map(({ id }) => id)}::uuid[], ${facts.map(({ key }) => key)}::text[],
      ${facts.map(({ epoch }) => epoch)}::bigint[], ${facts.map(({ sequence }) => sequence)}::bigint[]) AS given (id, key, epoch, sequence)
    LEFT JOIN outbox.fact ON fact.key = given.key AND fact.epoch = given.epoch AND fact.sequence = given.sequence AND fact.id = given.id
    WHERE fact.id IS NULL`,
);

/** The epoch in which each key has told its last fact; no row for one that has told none. */
export const epochsOf = statement(
  'app.epochs-of',
  { key: text, epoch: bigintNumber },
  (keys: readonly string[]) => sql`SELECT key, epoch FROM outbox.counter WHERE key = ANY (${keys}::text[])`,
);
