import { bool, text } from '../../prisma/codec.ts';
import { sql, type Sql } from '../../prisma/sql.ts';

/** An intent to have something done outside, which was never settled and cannot be any more. */
export interface UnsettledIntent {
  readonly requestId: string;
  readonly orderId: string;
  /** As PostgreSQL writes it, to the microsecond. */
  readonly intendedAt: string;
  /** True when it is older than a day: an effect that has not come by then never will. */
  readonly old: boolean;
}

/** The page of intents to read, and their least age. */
export interface PageOfIntents {
  readonly olderThanSeconds: number;
  readonly atMost: number;
  /** The last one of the page before; null for the first page. */
  readonly after: Pick<UnsettledIntent, 'requestId' | 'intendedAt'> | null;
}

/** The columns of a statement that reads a page of intents. */
export const intentColumns = { requestId: text, orderId: text, intendedAt: text, old: bool };

/** A page of the rows of `table`, as `intent`, that are `unsettled` beside the `guard` of their order. */
export const pageOfIntents = (
  { table, guard, unsettled }: { readonly table: Sql; readonly guard: Sql; readonly unsettled: Sql },
  { olderThanSeconds, atMost, after }: PageOfIntents,
): Sql => sql`
  SELECT intent.request_id AS "requestId", intent.order_id AS "orderId", intent.intended_at::text AS "intendedAt",
    intent.intended_at < now() - interval '1 day' AS old
  FROM ${table} AS intent JOIN ${guard} AS guard USING (order_id)
  WHERE ${unsettled} AND intent.intended_at <= now() - make_interval(secs => ${olderThanSeconds}::float8)
    AND (intent.intended_at, intent.request_id) > (${after?.intendedAt ?? '-infinity'}::timestamptz, ${after?.requestId ?? ''})
  ORDER BY intent.intended_at, intent.request_id LIMIT ${atMost}::int`;

/** The number of intents that are read at once. */
const pageSize = 100;

/** Less than the thirty seconds the command may take. */
const patienceMs = 20_000;

interface Look {
  readonly requestId: string;
  /** The effects, in the plural. */
  readonly what: string;
  read(page: Omit<PageOfIntents, 'olderThanSeconds'>): Promise<readonly UnsettledIntent[]>;
  /** Takes back what was done under an intent; true when there was something. */
  takeBack(intent: UnsettledIntent): Promise<boolean>;
  forget(intent: UnsettledIntent): Promise<unknown>;
}

/**
 * Looks at every unsettled intent, oldest first, for 20 seconds at most, and takes back what was done under it; answers
 * with the orders. An intent without an effect stays for a day, because the effect may still come; then it is removed.
 * An error with one intent does not keep the others waiting, and is thrown at the end.
 */
export async function lookThrough(look: Look): Promise<readonly string[]> {
  const endsAt = Date.now() + patienceMs;
  const takenBack = new Set<string>();
  const troubles: Error[] = [];
  for await (const intent of allOf(look)) {
    if (Date.now() > endsAt) {
      troubles.push(new Error('There are more than could be looked at in time.'));
      break;
    }
    const found = await reconcile(look, intent).catch((error: unknown) => void troubles.push(error as Error));
    if (found) takenBack.add(intent.orderId);
  }
  if (troubles.length > 0) throw notAll(look, troubles);
  return [...takenBack];
}

async function reconcile(look: Look, intent: UnsettledIntent): Promise<boolean> {
  const found = await look.takeBack(intent);
  if (!found && intent.old) await look.forget(intent);
  return found;
}

async function* allOf({ read }: Look): AsyncGenerator<UnsettledIntent> {
  let after: UnsettledIntent | null = null;
  for (;;) {
    const page: readonly UnsettledIntent[] = await read({ atMost: pageSize, after });
    yield* page;
    after = page.at(-1) ?? null;
    if (page.length < pageSize) return;
  }
}

const notAll = ({ requestId, what }: Look, troubles: readonly Error[]): Error =>
  new Error(
    `${troubles.length} ${what} could not be reconciled for ${requestId}; asking again is safe. The first: ${troubles[0]?.message}`,
    { cause: troubles[0] },
  );
