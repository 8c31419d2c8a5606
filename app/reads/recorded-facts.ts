import type { FactName } from '../../contracts/facts.ts';
import type { PrismaClient } from '../../prisma/generated/client.ts';

/** A fact as it was recorded, whether or not anybody has received it. */
export interface RecordedFact {
  readonly name: FactName;
  readonly sequence: number;
  /** When it happened, ISO 8601 in UTC. */
  readonly at: string;
}

/** The facts of an order that the outbox has, in their sequence: there from the moment they are true, before any listener has them. */
export const recordedFacts = (
  prisma: Pick<PrismaClient, '$queryRaw'>,
  orderId: string,
): Promise<readonly RecordedFact[]> => prisma.$queryRaw<RecordedFact[]>`
  SELECT name, sequence::int AS sequence, to_char("time" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at
  FROM outbox.fact WHERE key = ${orderId} ORDER BY fact.sequence`;
