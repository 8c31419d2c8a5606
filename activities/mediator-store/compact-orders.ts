import type { Channel } from '../../contracts/channels.ts';
import { bool, jsonb } from '../../prisma/codec.ts';
import { newestActs, sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';

/**
 * The things that keep the next command of an order from being done in the compact lane: an action that is about to be
 * sent to its mediator (`app/reads/compact.ts`), and the channels whose brake is on, also while it is being released.
 */
export const seeObstacles = statement(
  'mediator-store.see-obstacles',
  { isInterrupted: bool, braked: jsonb<readonly Channel[]>() },
  (requestId: string) => sql`
  SELECT EXISTS (
    SELECT FROM mediator_store.flow WHERE request_id = ${requestId} AND interrupted_at IS NOT NULL
  ) AS "isInterrupted", coalesce((
    SELECT jsonb_agg(channel) FROM (${newestActs}) AS newest WHERE per_second IS NOT NULL
  ), '[]') AS braked`,
);
