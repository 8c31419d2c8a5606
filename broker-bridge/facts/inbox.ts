import pg from 'pg';
import { runnerOn, type SqlRunner } from '../../prisma/statement.ts';
import { ConnectionLost, openPool, within } from '../../prisma/transaction.ts';
import { relayWaker } from '../../prisma/relay-waker.ts';
import type { Notifier } from '../waiting.ts';
import {
  advanceInTurn,
  advancePositions,
  chainOf,
  lockPositions,
  noteFacts,
  prepareTables,
  recordFact,
  type Chain,
  type Position,
  type Run,
  type ToldFact,
} from './inbox-tables.ts';
import type { Listener } from './listener.ts';
import { writeOutgoing, type OutgoingRow } from './outgoing.ts';

/** The inbox of a listener, read and written in the transaction of its effects. */
export interface InboxTransaction extends SqlRunner {
  /**
   * The last applied fact of each chain, by `chainOf`; `nowhere` at first. No other process can apply facts of these
   * chains until the transaction ends.
   */
  positions(chains: readonly Chain[]): Promise<ReadonlyMap<string, Position>>;
  advance(moved: readonly (Chain & Position)[]): Promise<void>;
  /**
   * Moves the chains that stand right before their run behind it, and resolves with them, by `chainOf`. As for
   * `positions`, no other process can apply facts of these chains until the transaction ends.
   */
  advanceInTurn(runs: readonly Run[]): Promise<ReadonlySet<string>>;
  /** Notes the facts as applied. Resolves with the ids of those that had not been noted before. */
  note(factIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Records a fact at the end of the transaction. */
  tell(told: ToldFact): void;
  /** Writes a message down at the end of the transaction. */
  send(row: OutgoingRow): void;
}

/**
 * Remembers the facts that a listener has applied, in the PostgreSQL schema that also holds the tables of its effects.
 */
export type Inbox = ReturnType<typeof openInbox>;

/** PostgreSQL cannot be reached, or is held up. Nothing was done, and the fact is not to blame. */
export class InboxAway extends Error {
  override readonly name = 'InboxAway';
}

/** Opens the inbox of the listener that owns the schema. Nothing is connected before the first use. */
export function openInbox(
  databaseUrl: string,
  schema: string,
  news: Pick<Notifier, 'notify'> = { notify: () => undefined },
) {
  if (!/^[a-z][a-z_]*$/.test(schema))
    throw new Error(`A listener's schema is lower-case letters and _: ${schema} is not.`);
  const pool = openPool(databaseUrl, { application_name: `listener-${schema}`, max: 2 });
  const connection = () =>
    pool.connect().catch((error: unknown) => {
      throw new InboxAway('PostgreSQL cannot be reached.', { cause: error });
    });
  const relay = relayWaker(pool);
  return {
    /** Statements that each are a transaction of their own. */
    on: runnerOn(pool),
    /** Makes the schema and the tables where they are missing; see `prepareTables`. Safe to repeat. */
    async prepare(listener: Pick<Listener, 'name' | 'tables' | 'replay'>): Promise<void> {
      await within(await connection(), (client) => prepareTables(client, { ...listener, schema }));
    },
    /**
     * Commits when the work resolves, rolls back when it rejects. Rejects with `InboxAway` when PostgreSQL is away or
     * held up.
     */
    async transaction<Result>(work: (tx: InboxTransaction) => Promise<Result>): Promise<Result> {
      const told: ToldFact[] = [];
      const outgoing: OutgoingRow[] = [];
      const result = await within(await connection(), async (client) => {
        const given = await work(transactionOn(client, schema, { told, outgoing }));
        if (outgoing.length > 0) await runnerOn(client).execute(writeOutgoing(schema, outgoing));
        await recordFacts(client, told);
        return given;
      }).catch((error: unknown) => {
        throw isOutage(error) ? new InboxAway('PostgreSQL is away or held up.', { cause: error }) : error;
      });
      if (told.length > 0) relay.wake();
      if (outgoing.length > 0) news.notify();
      return result;
    },
    async close(): Promise<void> {
      await relay.settled();
      await pool.end();
    },
  };
}

/**
 * Makes the schemas and tables of these listeners where they are missing, one after the other. After it they need no
 * right to make any.
 */
export async function prepareInboxes(databaseUrl: string, listeners: readonly Listener[]): Promise<void> {
  for (const listener of listeners) {
    const inbox = openInbox(databaseUrl, listener.schema);
    try {
      await inbox.prepare(listener);
    } finally {
      await inbox.close();
    }
  }
}

/**
 * The counters of the keys are locked last, and in the order of the keys, so that two transactions cannot lock each
 * other out.
 */
async function recordFacts(client: pg.PoolClient, told: readonly ToldFact[]): Promise<void> {
  const inOrder = told.toSorted((one, other) =>
    one.fact.key < other.fact.key ? -1 : Number(one.fact.key > other.fact.key),
  );
  for (const one of inOrder) await runnerOn(client).execute(recordFact(one));
}

/**
 * Classes of SQLSTATE: no connection (08), another transaction was in the way (40), a resource has run out (53) or was
 * locked (55), the statement or the server was stopped (57).
 */
const outages = /^(?:08|40|53|55|57)...$/;

const isOutage = (error: unknown): boolean =>
  error instanceof ConnectionLost || (error instanceof pg.DatabaseError && outages.test(error.code ?? ''));

const transactionOn = (
  client: pg.PoolClient,
  schema: string,
  { told, outgoing }: { readonly told: ToldFact[]; readonly outgoing: OutgoingRow[] },
): InboxTransaction => {
  const on = runnerOn(client);
  return {
    ...on,
    tell: (fact) => void told.push(fact),
    send: (row) => void outgoing.push(row),
    async positions(chains) {
      const rows = await on.run(lockPositions(schema, chains));
      return new Map(rows.map(({ source, key, ...position }) => [chainOf({ source, key }), position]));
    },
    advance: async (moved) => void (await on.execute(advancePositions(schema, moved))),
    async advanceInTurn(runs) {
      const rows = await on.run(advanceInTurn(schema, runs));
      return new Set(rows.map(chainOf));
    },
    async note(factIds) {
      const rows = await on.run(noteFacts(schema, factIds));
      return new Set(rows.map(({ id }) => id));
    },
  };
};
