import { bigintNumber, int, jsonb, text } from '../../prisma/codec.ts';
import { raw, sql } from '../../prisma/sql.ts';
import { statement, type SqlRunner } from '../../prisma/statement.ts';
import { reasonOf, type Log } from '../component.ts';
import { backoff, sleep, type Notifier } from '../waiting.ts';
import type { Listener, Outgoing, OwnDelivery } from './listener.ts';

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

/** The table of messages on their way. It is empty when everything has arrived. */
export const outgoingTable = (schema: string): string => `
  CREATE TABLE IF NOT EXISTS ${schema}.outgoing (
    id text PRIMARY KEY, position bigint GENERATED ALWAYS AS IDENTITY, message jsonb NOT NULL, made_at timestamptz NOT NULL DEFAULT now(),
    attempts int NOT NULL DEFAULT 0, due_at timestamptz NOT NULL DEFAULT now(), problem text);
  CREATE INDEX IF NOT EXISTS outgoing_due ON ${schema}.outgoing (due_at);`;

export const writeOutgoing = statement(
  'outgoing.write',
  {},
  (schema: string, rows: readonly OutgoingRow[]) => sql`
    INSERT INTO ${raw(schema)}.outgoing (id, message)
    SELECT id, message FROM unnest(${rows.map(({ id }) => id)}::text[], ${rows.map(({ message }) => JSON.stringify(message))}::jsonb[])
      AS given (id, message)
    ON CONFLICT (id) DO NOTHING`,
);

/** An attempt may take so long; then another process may make the next one. */
const attemptLasts = '1 minute';

/** Takes the messages that are due, the oldest first. */
export const takeDue = statement(
  'outgoing.take-due',
  { id: text, position: bigintNumber, message: jsonb<Outgoing>(), attempts: int },
  (schema: string, most: number) => sql`
    UPDATE ${raw(schema)}.outgoing AS outgoing SET attempts = attempts + 1, due_at = clock_timestamp() + ${attemptLasts}::interval
    FROM (SELECT id FROM ${raw(schema)}.outgoing WHERE due_at <= clock_timestamp() ORDER BY due_at, position LIMIT ${most} FOR UPDATE SKIP LOCKED)
      AS due
    WHERE outgoing.id = due.id RETURNING outgoing.id, position, message, attempts`,
);

export const removeOutgoing = statement(
  'outgoing.remove',
  {},
  (schema: string, id: string) => sql`DELETE FROM ${raw(schema)}.outgoing WHERE id = ${id}`,
);

/** The next attempt comes after so many milliseconds. */
export const postponeOutgoing = statement(
  'outgoing.postpone',
  {},
  (schema: string, id: string, milliseconds: number, problem: string | null) => sql`
    UPDATE ${raw(schema)}.outgoing SET due_at = clock_timestamp() + make_interval(secs => ${milliseconds / 1_000}::float8), problem = ${problem}
    WHERE id = ${id}`,
);

/** `most`: messages under way at once. `lookEvery`: the pause in milliseconds when nothing new is told. */
const timing = { most: 32, lookEvery: 1_000, pauses: { first: 500, longest: 60_000 } };

/** A listener's messages are sent with statements that each are a transaction of their own. */
export interface SendingOptions {
  readonly listener: Pick<Listener, 'name' | 'schema' | 'deliver'>;
  readonly on: SqlRunner;
  readonly send: SendMessage;
  readonly log: Log;
  /** Notified after a commit with new messages. */
  readonly news: Notifier;
}

/**
 * Sends what the listener has written down until the signal is aborted; a message stays in its table until it has
 * arrived. Rejects when PostgreSQL fails.
 */
export async function sendOutgoing(signal: AbortSignal, options: SendingOptions): Promise<void> {
  const { listener, on, news } = options;
  while (!signal.aborted) {
    const due = await on.run(takeDue(listener.schema, timing.most));
    const inOrder = due.toSorted((one, other) => one.position - other.position);
    await Promise.all(inOrder.map((row) => sendOne(row, signal, options)));
    if (due.length < timing.most) await Promise.race([news.next(timing.lookEvery), sleep(timing.lookEvery, signal)]);
  }
}

type DueRow = Pick<OwnDelivery, 'id'> & { readonly message: Outgoing; readonly attempts: number };

async function sendOne(row: DueRow, signal: AbortSignal, options: SendingOptions): Promise<void> {
  const { listener, on, log } = options;
  const { id, attempts } = row;
  try {
    const later = await deliver(row, signal, options);
    await on.execute(
      later ? postponeOutgoing(listener.schema, id, later.againIn, null) : removeOutgoing(listener.schema, id),
    );
  } catch (error) {
    if (signal.aborted) return; // it is due again when the attempt's time is over
    const problem = reasonOf(error);
    log.warn({ listener: listener.name, id, attempts, problem }, 'A message could not be sent; trying again later');
    await on.execute(postponeOutgoing(listener.schema, id, backoff(attempts, timing.pauses), problem));
  }
}

function deliver({ id, message, attempts }: DueRow, signal: AbortSignal, { listener, on, send }: SendingOptions) {
  if (message.to !== 'its-own') return send(message, id);
  if (!listener.deliver) throw new Error(`The listener ${listener.name} does not say how its messages are delivered.`);
  return listener.deliver({ id, content: message.content, attempt: attempts, on, signal });
}
