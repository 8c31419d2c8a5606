import { setTimeout as timer } from 'node:timers/promises';
import pg from 'pg';
import { factStream } from '../../contracts/facts.ts';
import { bool } from '../../prisma/codec.ts';
import type { outboxChannel } from '../../prisma/relay-waker.ts';
import { raw, sql } from '../../prisma/sql.ts';
import { runnerOn, statement } from '../../prisma/statement.ts';
import { sessionOn } from '../../prisma/session.ts';
import {
  knownStream,
  markPublished,
  markUnpublishable,
  noteStream,
  publishLostAgain,
  unpublishedFacts,
  type HeldSequences,
  type OutboxFact,
  type PublishedFact,
  type Unpublishable,
} from './rows.ts';

const channel: typeof outboxChannel = 'outbox';
const lockKey = `hashtextextended('outbox.relay', 0)`;
const tryLockEvery = 500;

/**
 * Marks need not wait for the disk: when one is lost, its fact is published again under the same id. Keep-alive lets
 * the server notice within half a minute that the machine of the lock's holder is gone.
 */
const sessionSettings = `SELECT set_config('synchronous_commit', 'off', false), set_config('statement_timeout', '10s', false),
  set_config('tcp_keepalives_idle', '10', false), set_config('tcp_keepalives_interval', '5', false), set_config('tcp_keepalives_count', '3', false)`;

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
  /** The instant at which the stream was made that the outbox knows; null before the first one. */
  knownStream: async (): Promise<string | null> =>
    (await runnerOn(client).run(knownStream(factStream.name)))[0]?.created ?? null,
  noteStream: async (created: string): Promise<void> =>
    void (await runnerOn(client).execute(noteStream(factStream.name, created))),
  /** Marks the facts that the stream has lost as unpublished, and resolves with their number. */
  publishLostAgain: (held: HeldSequences): Promise<number> => runnerOn(client).execute(publishLostAgain(held)),
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
