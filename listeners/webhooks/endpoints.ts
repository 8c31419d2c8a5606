import type { Fact } from '../../contracts/facts.ts';
import { webhookStates, type SwitchOffReason } from '../../contracts/outside/webhooks.ts';
import { arrayOf, bool, double, instant, nullable, oneOf, text } from '../../prisma/codec.ts';
import { sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';

/** The endpoints. People add and change them by `app/webhooks.ts`; this listener notes how they take their messages. */
export const tables = `CREATE TABLE IF NOT EXISTS webhooks.endpoint (
  id text PRIMARY KEY, url text NOT NULL, takes text[] NOT NULL,
  state text NOT NULL DEFAULT 'on' CHECK (state IN ('on', 'off')), reason text, since timestamptz NOT NULL DEFAULT clock_timestamp(),
  secret text NOT NULL, previous_secret text, previous_until timestamptz,
  failing_since timestamptz, problem text, quiet_until timestamptz, delivered_at timestamptz, given_up int NOT NULL DEFAULT 0,
  added_at timestamptz NOT NULL DEFAULT clock_timestamp(), changed_by text NOT NULL, changed_at timestamptz NOT NULL DEFAULT clock_timestamp())`;

/**
 * The endpoints that are on, take a fact, and were there when it happened. A fact tells its time to the millisecond:
 * one that was added in the same millisecond takes it.
 */
export const takersOf = statement(
  'webhooks.takers-of',
  { id: text },
  ({ area, name, time }: Pick<Fact, 'area' | 'name' | 'time'>) => sql`
    SELECT id FROM webhooks.endpoint
    WHERE state = 'on' AND takes && ${['all', area, name]}::text[] AND date_trunc('milliseconds', added_at) <= ${time}::timestamptz ORDER BY id`,
);

/**
 * An endpoint as a message goes there: the secrets that sign, the newest first, and the milliseconds it asked to be
 * left alone for.
 */
export const findEndpoint = statement(
  'webhooks.find-endpoint',
  { url: text, state: oneOf(...webhookStates), secrets: arrayOf(text), quietFor: double },
  (id: string) => sql`
    SELECT url, state, CASE WHEN previous_until > clock_timestamp() THEN ARRAY[secret, previous_secret] ELSE ARRAY[secret] END AS secrets,
      greatest(0, COALESCE(extract(epoch FROM quiet_until - clock_timestamp()), 0) * 1000)::float8 AS "quietFor"
    FROM webhooks.endpoint WHERE id = ${id}`,
);

export const noteDelivered = statement(
  'webhooks.note-delivered',
  {},
  (id: string) => sql`
    UPDATE webhooks.endpoint SET failing_since = NULL, problem = NULL, quiet_until = NULL, delivered_at = clock_timestamp()
    WHERE id = ${id}`,
);

/** A failure of an endpoint, with the milliseconds that it asked to be left alone for. */
export interface Failure {
  readonly problem: string;
  readonly quietFor: number;
}

/** Notes a failure. `isOver`: it has failed for as long as an endpoint may, without taking anything. */
export const noteFailed = statement(
  'webhooks.note-failed',
  { isOver: bool },
  (id: string, { problem, quietFor }: Failure, mayFailFor: number) => sql`
    UPDATE webhooks.endpoint SET failing_since = COALESCE(failing_since, clock_timestamp()), problem = ${problem},
      quiet_until = clock_timestamp() + make_interval(secs => ${quietFor / 1_000}::float8)
    WHERE id = ${id}
    RETURNING failing_since <= clock_timestamp() - make_interval(secs => ${mayFailFor / 1_000}::float8) AS "isOver"`,
);

export const noteGivenUp = statement(
  'webhooks.note-given-up',
  {},
  (id: string) => sql`UPDATE webhooks.endpoint SET given_up = given_up + 1 WHERE id = ${id}`,
);

const reasonWords: { readonly [Reason in SwitchOffReason]: string } = {
  gone: 'It answered 410 Gone.',
  failing: 'It has failed for too long.',
};

/** Switches an endpoint off; no row when it is not on. */
export const switchOff = statement(
  'webhooks.switch-off',
  { failingSince: nullable(instant) },
  (id: string, reason: SwitchOffReason) => sql`
    UPDATE webhooks.endpoint SET state = 'off', reason = ${reasonWords[reason]}, since = clock_timestamp() WHERE id = ${id} AND state = 'on'
    RETURNING failing_since AS "failingSince"`,
);

/** Holds back all that waits for an endpoint. */
export const holdBackAll = statement(
  'webhooks.hold-back-all',
  {},
  (id: string) => sql`UPDATE webhooks.outgoing SET due_at = 'infinity' WHERE lane = ${id}`,
);

/**
 * Holds one message back, unless its endpoint is on by now: switching it on waits for this, and then has it sent with
 * all others.
 */
export const holdBack = statement(
  'webhooks.hold-back',
  {},
  (messageId: string, endpointId: string) => sql`
    UPDATE webhooks.outgoing SET due_at = 'infinity'
    FROM (SELECT id FROM webhooks.endpoint WHERE id = ${endpointId} AND state = 'off' FOR SHARE) AS off
    WHERE outgoing.id = ${messageId}`,
);
