import { setTimeout as timer } from 'node:timers/promises';
import pg from 'pg';
import { bigintNumber, bigintText, bool, instant, nullable, text, uuid, type RowOf } from '../../prisma/codec.ts';
import type { outboxChannel } from '../../prisma/relay-waker.ts';
import { raw, sql } from '../../prisma/sql.ts';
import { runnerOn, statement } from '../../prisma/statement.ts';
import { sessionOn } from '../../prisma/session.ts';

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

const channel: typeof outboxChannel = 'outbox';
const lockKey = `hashtextextended('outbox.relay', 0)`;
const tryLockEvery = 500;

/**
 * Marks need not wait for the disk: when one is lost, its fact is published again under the same id. Keep-alive lets
 * the server notice within half a minute that the machine of the lock's holder is gone.
 */
const sessionSettings = `SELECT set_config('synchronous_commit', 'off', false), set_config('statement_timeout', '10s', false),
  set_config('tcp_keepalives_idle', '10', false), set_config('tcp_keepalives_interval', '5', false), set_config('tcp_keepalives_count', '3', false)`;

/** Arguments: the most rows, positions to leave out, keys to leave out. */
export const unpublishedFacts = statement(
  'outbox.unpublished',
  outboxFact,
  (most: number, exceptPositions: readonly string[], exceptKeys: readonly string[]) => sql`
    SELECT position, id, key, area, name, epoch, sequence, correlation_id AS "correlationId", causation_id AS "causationId",
      body::text AS body, "time"
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

const tryLock = statement(
  'outbox.try-lock',
  { locked: bool },
  () => sql`SELECT pg_try_advisory_lock(${raw(lockKey)}) AS locked`,
);

/** Waits for the right to publish. Resolves with null when the signal was aborted; rejects when PostgreSQL is away. */
export async function claimOutbox(databaseUrl: string, signal: AbortSignal): Promise<OutboxClaim | null> {
  const client = new pg.Client({
    ...sessionOn(databaseUrl),
    application_name: 'outbox-relay',
    connectionTimeoutMillis: 5_000,
    query_timeout: 15_000,
    keepAlive: true,
  });
  const gone = new AbortController();
  client.on('error', () => gone.abort());
  client.on('end', () => gone.abort());
  try {
    await client.connect();
    await client.query(sessionSettings);
    if (await lock(client, signal)) {
      await client.query(`LISTEN ${channel}`);
      return claimOn(client, gone.signal);
    }
  } catch (error) {
    await hangUp(client);
    throw error;
  }
  await hangUp(client);
  return null;
}

/** Tries repeatedly instead of waiting inside one statement, which would hold back PostgreSQL's vacuum. */
async function lock(client: pg.Client, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const [answer] = await runnerOn(client).run(tryLock());
    if (answer?.locked) return true;
    await timer(tryLockEvery);
  }
  return false;
}

/**
 * The right to publish, which one process has at a time. It is a session lock on the only connection that is used here:
 * a relay that has lost the lock can neither read nor mark. After any error close the claim and claim again.
 */
export type OutboxClaim = ReturnType<typeof claimOn>;

const claimOn = (client: pg.Client, lost: AbortSignal) => ({
  /** Aborted when the connection is gone, and the right with it. */
  lost,
  /** Calls the listener when facts were written. A notification may be missing, so read from time to time as well. */
  onNews: (listener: () => void): void => void client.on('notification', listener),
  /**
   * The oldest facts that are not published, in order of position, without those at these positions or of these keys.
   */
  unpublished: (...which: Parameters<typeof unpublishedFacts>): Promise<readonly OutboxFact[]> =>
    runnerOn(client).run(unpublishedFacts(...which)),
  markPublished: async (facts: readonly PublishedFact[]): Promise<void> =>
    void (await runnerOn(client).execute(markPublished(facts))),
  markUnpublishable: async (facts: readonly Unpublishable[]): Promise<void> =>
    void (await runnerOn(client).execute(markUnpublishable(facts))),
  /** Gives the right to publish back. */
  close: () => hangUp(client),
});

/** Ends the session, and with it the lock. Waits for one second at most, because the server may not answer any more. */
async function hangUp(client: pg.Client): Promise<void> {
  const longEnough = new AbortController();
  const giveUp = timer(1_000, undefined, { signal: longEnough.signal }).catch(() => undefined);
  await Promise.race([client.end().catch(() => undefined), giveUp]);
  longEnough.abort();
}
