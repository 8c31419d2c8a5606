import { factStream } from '../../contracts/facts.ts';
import { bigintNumber, bigintText, instant, int, nullable, text, uuid, type RowOf } from '../../prisma/codec.ts';
import { sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';

/**
 * A row of the outbox that is not published yet. `position` orders the outbox; the facts of one key stand in their
 * sequence.
 */
export type OutboxFact = RowOf<typeof outboxFact>;

const outboxFact = {
  /** A bigint, which JavaScript's numbers cannot hold. */
  position: bigintText,
  id: uuid,
  key: text,
  area: text,
  name: text,
  epoch: bigintNumber,
  sequence: bigintNumber,
  correlationId: nullable(text),
  causationId: nullable(text),
  /** The number of times that the stream has lost it. */
  timesLost: int,
  /** JSON text, as PostgreSQL holds it. */
  body: text,
  /** ISO 8601 in UTC. */
  time: instant,
};

/** The broker has confirmed the fact of this row. */
export interface PublishedFact {
  readonly position: string;
  readonly streamSequence: number;
}

/** The fact of this row is never taken as it is. */
export interface Unpublishable {
  readonly position: string;
  /** Why, as one sentence for people. */
  readonly unpublishable: string;
}

/** Arguments: the most rows, positions to leave out, keys to leave out. */
export const unpublishedFacts = statement(
  'outbox.unpublished',
  outboxFact,
  (most: number, exceptPositions: readonly string[], exceptKeys: readonly string[]) => sql`
    SELECT position, id, key, area, name, epoch, sequence, correlation_id AS "correlationId", causation_id AS "causationId",
      times_lost AS "timesLost", body::text AS body, "time"
    FROM outbox.fact
    WHERE stream_sequence IS NULL AND position <> ALL (${exceptPositions}::bigint[]) AND key <> ALL (${exceptKeys}::text[])
    ORDER BY fact.position LIMIT ${most}`,
);

export const markPublished = statement(
  'outbox.mark-published',
  {},
  (facts: readonly PublishedFact[]) => sql`
    UPDATE outbox.fact SET stream_sequence = published.stream_sequence, published_at = now()
    FROM unnest(${facts.map(({ position }) => position)}::bigint[], ${facts.map((fact) => fact.streamSequence)}::bigint[])
      AS published (position, stream_sequence)
    WHERE fact.position = published.position`,
);

/** Keeps why for people; a fact that is looked at again and again is written once. */
export const markUnpublishable = statement(
  'outbox.mark-unpublishable',
  {},
  (facts: readonly Unpublishable[]) => sql`
    UPDATE outbox.fact SET unpublishable = found.unpublishable
    FROM unnest(${facts.map(({ position }) => position)}::bigint[], ${facts.map((fact) => fact.unpublishable)}::text[])
      AS found (position, unpublishable)
    WHERE fact.position = found.position AND fact.unpublishable IS DISTINCT FROM found.unpublishable`,
);

/** The stream that the sequences in the outbox are of. */
export const knownStream = statement(
  'outbox.known-stream',
  { created: instant },
  (name: string) => sql`SELECT created FROM outbox.stream WHERE name = ${name}`,
);

export const noteStream = statement(
  'outbox.note-stream',
  {},
  (name: string, created: string) => sql`
    INSERT INTO outbox.stream (name, created) VALUES (${name}, ${created}::timestamptz)
    ON CONFLICT (name) DO UPDATE SET created = excluded.created`,
);

/**
 * The sequences that the stream has: all before the first are gone. Of one that was made anew none that was given
 * counts.
 */
export interface HeldSequences {
  readonly isAnew: boolean;
  readonly first: number;
  readonly last: number;
  /** Between these, those whose message was removed. */
  readonly removed: readonly number[];
}

/** Younger facts are to be in the stream: it keeps them a day longer. */
const keptFor = `${factStream.maxAgeDays - 1} days`;

export const publishLostAgain = statement(
  'outbox.publish-lost-again',
  {},
  ({ isAnew, first, last, removed }: HeldSequences) => sql`
    UPDATE outbox.fact SET stream_sequence = NULL, published_at = NULL, times_lost = times_lost + 1
    WHERE published_at > now() - ${keptFor}::interval
      AND (${isAnew}::boolean OR stream_sequence > ${last}::bigint OR stream_sequence < ${first}::bigint
        OR stream_sequence = ANY (${removed}::bigint[]))`,
);
