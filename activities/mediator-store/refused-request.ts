import type { InitiatingEventName } from '../../contracts/initiating-events.ts';
import type { RefusedRequest } from '../../contracts/mediators/order-records.ts';
import { sql, type Sql } from '../../prisma/sql.ts';

/** Tells of a request of the client that was refused: an expression, NULL when there is nothing to tell. */
export const tellRefused = (
  name: Extract<InitiatingEventName, 'place-order' | 'return-requested'>,
  requestId: string,
  refused: RefusedRequest | undefined,
): Sql =>
  refused
    ? sql`outbox.record_fact('customers', 'request-refused', ${refused.customerId}, ${JSON.stringify({ name, requestId, ...refused })}::jsonb,
        NULL, ${requestId})`
    : sql`NULL::bigint`;
