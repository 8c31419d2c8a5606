import { bigintNumber, int, jsonb, text } from '../../prisma/codec.ts';
import { raw, sql } from '../../prisma/sql.ts';
import { statement, type SqlRunner } from '../../prisma/statement.ts';
import { reasonOf, type Log } from '../component.ts';
import { backoff, type Notifier } from '../waiting.ts';
import type { Listener, Outgoing, OwnDelivery, Postponed } from './listener.ts';

/** A message with the id that it has at every attempt: `<fact id>/<number>`. */
export interface OutgoingRow {
  readonly id: string;
  readonly message: Outgoing;
}

/**
 * Delivers a message that is not the listener's own, under an id by which the receiver knows it again. Rejects when it
 * is not known that the receiver has it.
 */
export type SendMessage = (message: Exclude<Outgoing, { to: 'its-own' }>, id: string) => Promise<void>;

/**
 * The table of messages on their way. It is empty when everything has arrived. A listener may write `due_at` of its own
 * messages: `infinity` holds one back.
 */
export const outgoingTable = (schema: string): string => `
  CREATE TABLE IF NOT EXISTS ${schema}.outgoing (
    id text PRIMARY KEY, position bigint GENERATED ALWAYS AS IDENTITY, message jsonb NOT NULL, made_at timestamptz NOT NULL DEFAULT now(),
    lane text NOT NULL GENERATED ALWAYS AS (COALESCE(message->>'lane', '')) STORED,
    attempts int NOT NULL DEFAULT 0, due_at timestamptz NOT NULL DEFAULT now(), problem text);
  CREATE INDEX IF NOT EXISTS outgoing_due ON ${schema}.outgoing (lane, due_at, position);`;

export const writeOutgoing = statement(
  'outgoing.write',
  {},
  (schema: string, rows: readonly OutgoingRow[]) => sql`
    INSERT INTO ${raw(schema)}.outgoing (id, message)
    SELECT id, message FROM unnest(${rows.map(({ id }) => id)}::text[], ${rows.map(({ message }) => JSON.stringify(message))}::jsonb[])
      AS given (id, message)
    ON CONFLICT (id) DO NOTHING`,
);

/**
 * `most`, `mostOfLane`: messages under way at once, of those without a lane and of each lane. `lookEvery`: the pause in
 * milliseconds when nothing new is told.
 */
const timing = { most: 32, mostOfLane: 4, lookEvery: 1_000, pauses: { first: 500, longest: 60_000 } };

/** An attempt may take so long; then another process may make the next one. */
const attemptLasts = '1 minute';

/**
 * Takes the messages that are due, the oldest first: of each lane as many as there is room for beside those that are
 * under way. It reads as many rows as there are lanes and messages taken, however many wait.
 */
export const takeDue = statement(
  'outgoing.take-due',
  { id: text, position: bigintNumber, lane: text, message: jsonb<Outgoing>(), attempts: int },
  (schema: string, underWay: ReadonlyMap<string, number>) => sql`
    WITH RECURSIVE lane (name) AS (
      SELECT min(lane) FROM ${raw(schema)}.outgoing
      UNION ALL SELECT (SELECT min(outgoing.lane) FROM ${raw(schema)}.outgoing WHERE outgoing.lane > lane.name) FROM lane WHERE lane.name IS NOT NULL
    ), due AS (
      SELECT next.id FROM lane LEFT JOIN unnest(${[...underWay.keys()]}::text[], ${[...underWay.values()]}::int[]) AS busy (name, messages) USING (name)
      CROSS JOIN LATERAL (
        SELECT outgoing.id FROM ${raw(schema)}.outgoing WHERE outgoing.lane = lane.name AND outgoing.due_at <= now()
        ORDER BY outgoing.due_at, outgoing.position
        LIMIT greatest(0, CASE lane.name WHEN '' THEN ${timing.most}::int ELSE ${timing.mostOfLane}::int END - COALESCE(busy.messages, 0))
        FOR UPDATE SKIP LOCKED) AS next
    )
    UPDATE ${raw(schema)}.outgoing AS outgoing SET attempts = attempts + 1, due_at = clock_timestamp() + ${attemptLasts}::interval
    FROM due WHERE outgoing.id = due.id
    RETURNING outgoing.id, outgoing.position, outgoing.lane, outgoing.message, outgoing.attempts`,
);

export const removeOutgoing = statement(
  'outgoing.remove',
  {},
  (schema: string, id: string) => sql`DELETE FROM ${raw(schema)}.outgoing WHERE id = ${id}`,
);

/** The next attempt comes after so many milliseconds. One that was not made does not count. */
export const postponeOutgoing = statement(
  'outgoing.postpone',
  {},
  (schema: string, id: string, { againIn, problem, isTried = true }: Postponed) => sql`
    UPDATE ${raw(schema)}.outgoing SET due_at = clock_timestamp() + make_interval(secs => ${againIn / 1_000}::float8), problem = ${problem ?? null},
      attempts = attempts - ${isTried ? 0 : 1}::int
    WHERE id = ${id}`,
);

/** A listener's messages are sent with statements that each are a transaction of their own. */
export interface SendingOptions {
  readonly listener: Pick<Listener, 'name' | 'schema' | 'deliver'>;
  readonly on: SqlRunner;
  /** Transactions whose facts follow from the fact of this id. */
  readonly transactionFor: (cause: string) => OwnDelivery['transaction'];
  readonly send: SendMessage;
  readonly log: Log;
  /** Notified after a commit with new messages. */
  readonly news: Notifier;
}

/**
 * Sends what the listener has written down until the signal is aborted; a message stays in its table until it has
 * arrived. Each lane has room of its own, so that a lane whose messages take long slows no other one. Rejects when
 * PostgreSQL fails.
 */
export async function sendOutgoing(signal: AbortSignal, options: SendingOptions): Promise<void> {
  const { listener, on, news } = options;
  const underWay = new UnderWay(news);
  signal.addEventListener('abort', news.notify, { once: true });
  while (!signal.aborted && !underWay.failure) {
    const due = await on.run(takeDue(listener.schema, underWay.perLane));
    const inOrder = due.toSorted((one, other) => one.position - other.position);
    for (const row of inOrder) underWay.add(row.lane, sendOne(row, signal, options));
    await news.next(timing.lookEvery);
  }
  signal.removeEventListener('abort', news.notify);
  await underWay.ended();
  if (underWay.failure) throw underWay.failure.error;
}

/** The messages under way. The next ones are looked for when one has ended, and when PostgreSQL has failed. */
class UnderWay {
  readonly perLane = new Map<string, number>();
  readonly #news: Notifier;
  readonly #all = new Set<Promise<void>>();
  failure: { readonly error: unknown } | undefined;

  constructor(news: Notifier) {
    this.#news = news;
  }

  add(lane: string, sending: Promise<void>): void {
    this.#count(lane, 1);
    const ended = sending
      .catch((error: unknown) => void (this.failure ??= { error }))
      .finally(() => {
        this.#count(lane, -1);
        this.#all.delete(ended);
        this.#news.notify();
      });
    this.#all.add(ended);
  }

  async ended(): Promise<void> {
    await Promise.all(this.#all);
  }

  #count(lane: string, more: number): void {
    const messages = (this.perLane.get(lane) ?? 0) + more;
    if (messages > 0) this.perLane.set(lane, messages);
    else this.perLane.delete(lane);
  }
}

type DueRow = Pick<OwnDelivery, 'id'> & { readonly message: Outgoing; readonly attempts: number };

async function sendOne(row: DueRow, signal: AbortSignal, options: SendingOptions): Promise<void> {
  const { listener, on, log } = options;
  const { id, attempts } = row;
  const postpone = async (later: Postponed): Promise<void> => {
    const { problem } = later;
    if (problem)
      log.warn({ listener: listener.name, id, attempts, problem }, 'A message could not be sent; trying again later');
    await on.execute(postponeOutgoing(listener.schema, id, later));
  };
  try {
    const result = await deliver(row, signal, options);
    if (result === 'held-back') return;
    await (result ? postpone(result) : on.execute(removeOutgoing(listener.schema, id)));
  } catch (error) {
    if (signal.aborted) return; // it is due again when the attempt's time is over
    await postpone({ againIn: backoff(attempts, timing.pauses), problem: reasonOf(error) });
  }
}

function deliver({ id, message, attempts }: DueRow, signal: AbortSignal, options: SendingOptions) {
  const { listener, on, transactionFor, send } = options;
  if (message.to !== 'its-own') return send(message, id);
  if (!listener.deliver) throw new Error(`The listener ${listener.name} does not say how its messages are delivered.`);
  const [cause = id] = id.split('/'); // `<fact id>/<number>`
  const transaction = transactionFor(cause);
  return listener.deliver({ id, content: message.content, attempt: attempts, on, transaction, signal });
}
