import { bool, text } from '../../prisma/codec.ts';
import { sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';

/** An intent whose order was undone, or paid in a later round, before it was settled. */
export interface UnsettledIntent {
  readonly requestId: string;
  readonly orderId: string;
  /** As PostgreSQL writes it, to the microsecond. */
  readonly intendedAt: string;
  /** Whether it is older than a day: what has not been charged under it by then never will be. */
  readonly old: boolean;
}

/** Which of them: a page of so many, from those that were intended so long ago. */
export interface Unsettled {
  readonly olderThanSeconds: number;
  readonly atMost: number;
  /** The last one of the page before; null for the first page. */
  readonly after: Pick<UnsettledIntent, 'requestId' | 'intendedAt'> | null;
}

/** The round is the last part of the request id (see `Command`); one that has none is not touched. */
export const unsettledIntents = statement(
  'payment.unsettled-intents',
  { requestId: text, orderId: text, intendedAt: text, old: bool },
  ({ olderThanSeconds, atMost, after }: Unsettled) => sql`
  SELECT charge.request_id AS "requestId", charge.order_id AS "orderId", charge.intended_at::text AS "intendedAt",
    charge.intended_at < now() - interval '1 day' AS old
  FROM payment.charge JOIN payment.guard USING (order_id)
  WHERE charge.state = 'intended' AND charge.intended_at <= now() - make_interval(secs => ${olderThanSeconds}::float8)
    AND (guard.undone OR substring(charge.request_id FROM '/([0-9]+)$')::numeric < guard.round)
    AND (charge.intended_at, charge.request_id) > (${after?.intendedAt ?? '-infinity'}::timestamptz, ${after?.requestId ?? ''})
  ORDER BY charge.intended_at, charge.request_id LIMIT ${atMost}::int`,
);
