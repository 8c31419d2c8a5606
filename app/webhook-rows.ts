import { text } from '../prisma/codec.ts';
import { sql } from '../prisma/sql.ts';
import { statement } from '../prisma/statement.ts';

/*
 * What people decide about webhooks, written to the schema of the listener `webhooks`. An endpoint's row is written
 * before its messages, as the listener does it.
 */

/** Those who add one come one after the other, so that they count the others. */
export const lockWebhooks = statement(
  'app.lock-webhooks',
  { locked: text },
  () => sql`SELECT pg_advisory_xact_lock(hashtextextended('webhooks.endpoint', 0))::text AS locked`,
);

interface Added {
  readonly id: string;
  readonly url: string;
  readonly takes: readonly string[];
  readonly actor: string;
}

export const insertWebhook = statement(
  'app.insert-webhook',
  {},
  ({ id, url, takes, actor }: Added, secret: string, most: number) => sql`
    INSERT INTO webhooks.endpoint (id, url, takes, secret, changed_by)
    SELECT ${id}, ${url}, ${[...takes]}::text[], ${secret}, ${actor} WHERE (SELECT count(*) FROM webhooks.endpoint) < ${most}::int`,
);

interface Change {
  readonly url: string | null;
  readonly takes: readonly string[] | null;
  readonly actor: string;
}

export const updateWebhook = statement(
  'app.update-webhook',
  {},
  (id: string, { url, takes, actor }: Change) => sql`
    UPDATE webhooks.endpoint SET url = COALESCE(${url}, url), takes = COALESCE(${takes && [...takes]}::text[], takes),
      changed_by = ${actor}, changed_at = clock_timestamp()
    WHERE id = ${id}`,
);

interface Rotation {
  readonly secret: string;
  readonly keepForMs: number;
  readonly actor: string;
}

export const rotateSecret = statement(
  'app.rotate-webhook-secret',
  {},
  (id: string, { secret, keepForMs, actor }: Rotation) => sql`
    UPDATE webhooks.endpoint SET secret = ${secret}, previous_secret = CASE WHEN ${keepForMs}::bigint > 0 THEN secret END,
      previous_until = CASE WHEN ${keepForMs}::bigint > 0 THEN clock_timestamp() + make_interval(secs => ${keepForMs / 1_000}::float8) END,
      changed_by = ${actor}, changed_at = clock_timestamp()
    WHERE id = ${id}`,
);

export const switchOn = statement(
  'app.switch-webhook-on',
  {},
  (id: string, actor: string) => sql`
    UPDATE webhooks.endpoint SET state = 'on', reason = NULL, since = clock_timestamp(), failing_since = NULL, problem = NULL,
      quiet_until = NULL, changed_by = ${actor}, changed_at = clock_timestamp()
    WHERE id = ${id} AND state = 'off'`,
);

export const releaseMessages = statement(
  'app.release-webhook-messages',
  {},
  (id: string) => sql`UPDATE webhooks.outgoing SET due_at = clock_timestamp(), attempts = 0 WHERE lane = ${id}`,
);

export const switchOff = statement(
  'app.switch-webhook-off',
  {},
  (id: string, reason: string, actor: string) => sql`
    UPDATE webhooks.endpoint SET state = 'off', reason = ${reason}, since = clock_timestamp(), changed_by = ${actor},
      changed_at = clock_timestamp()
    WHERE id = ${id} AND state = 'on'`,
);

export const holdMessages = statement(
  'app.hold-webhook-messages',
  {},
  (id: string) => sql`UPDATE webhooks.outgoing SET due_at = 'infinity' WHERE lane = ${id}`,
);

export const deleteWebhook = statement(
  'app.delete-webhook',
  {},
  (id: string) => sql`DELETE FROM webhooks.endpoint WHERE id = ${id}`,
);

export const deleteMessages = statement(
  'app.delete-webhook-messages',
  {},
  (id: string) => sql`DELETE FROM webhooks.outgoing WHERE lane = ${id}`,
);
