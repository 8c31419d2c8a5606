import { webhookStates, type Webhook } from '../../contracts/outside/webhooks.ts';
import { arrayOf, bigintNumber, instant, int, nullable, oneOf, text } from '../../prisma/codec.ts';
import { sql, type Sql } from '../../prisma/sql.ts';
import { statement, type SqlRunner } from '../../prisma/statement.ts';
import { tableExists } from './facts.ts';

/** All webhooks, in the order in which they were added; none when their listener has never run. */
export async function listWebhooks(on: SqlRunner): Promise<readonly Webhook[]> {
  return (await hasWebhooks(on)) ? on.run(webhookRows(sql`true`)) : [];
}

/** The webhook of this id, or null. */
export async function findWebhook(on: SqlRunner, id: string): Promise<Webhook | null> {
  if (!(await hasWebhooks(on))) return null;
  const [found] = await on.run(webhookRows(sql`id = ${id}`));
  return found ?? null;
}

/** True when their listener has run: it makes the tables. */
export const hasWebhooks = (on: SqlRunner): Promise<boolean> => tableExists(on, 'webhooks.endpoint');

/** Without the secrets, which are shown once, when they are made. */
export const webhookRows = statement(
  'app.webhooks',
  {
    id: text,
    url: text,
    takes: arrayOf(text),
    state: oneOf(...webhookStates),
    reason: nullable(text),
    since: instant,
    failingSince: nullable(instant),
    problem: nullable(text),
    deliveredAt: nullable(instant),
    givenUp: int,
    waiting: bigintNumber,
    previousSecretUntil: nullable(instant),
    addedAt: instant,
    changedBy: text,
    changedAt: instant,
  },
  (which: Sql) => sql`
    SELECT id, url, takes, state, reason, since, failing_since AS "failingSince", problem, delivered_at AS "deliveredAt",
      given_up AS "givenUp", (SELECT count(*) FROM webhooks.outgoing WHERE lane = endpoint.id) AS waiting,
      CASE WHEN previous_until > clock_timestamp() THEN previous_until END AS "previousSecretUntil", added_at AS "addedAt",
      changed_by AS "changedBy", changed_at AS "changedAt"
    FROM webhooks.endpoint WHERE ${which} ORDER BY endpoint.added_at, id`,
);
