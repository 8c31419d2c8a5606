import { bool } from '../../prisma/codec.ts';
import { sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';

/** True in `isInterrupted` when an action is about to be sent to the order's mediator (`app/reads/interrupt.ts`). */
export const seeInterrupt = statement(
  'mediator-store.see-interrupt',
  { isInterrupted: bool },
  (requestId: string) => sql`
  SELECT EXISTS (
    SELECT FROM mediator_store.flow WHERE request_id = ${requestId} AND interrupted_at IS NOT NULL
  ) AS "isInterrupted"`,
);
