import { bigintText } from '../../../prisma/codec.ts';
import { sql, type Sql } from '../../../prisma/sql.ts';
import { statement } from '../../../prisma/statement.ts';

/**
 * The right to record, which one intake has at a time. Each holder has a term, a number that rises: a holder that was
 * frozen and wakes up behind another one records nothing, because its term is over. A holder that does not renew its
 * claim in time can be replaced.
 */
const until = sql`clock_timestamp() + interval '3 seconds'`;

/** Takes the claim when it is free. No row while another intake has it. */
export const takeClaim = statement(
  'intake.take-claim',
  { term: bigintText },
  () => sql`
  INSERT INTO mediator_store.intake_claim AS claim (queue, term, until) VALUES ('customer-event-queue', 1, ${until})
  ON CONFLICT (queue) DO UPDATE SET term = claim.term + 1, until = excluded.until WHERE claim.until < clock_timestamp()
  RETURNING term`,
);

/** Renews the claim of this term. No row when another intake has it. */
export const renewClaim = statement(
  'intake.renew-claim',
  { term: bigintText },
  (term: string) =>
    sql`UPDATE mediator_store.intake_claim SET until = ${until} WHERE term = ${term}::bigint RETURNING term`,
);

/** Gives the claim of this term back. */
export const giveClaimBack = statement(
  'intake.give-claim-back',
  {},
  (term: string) => sql`UPDATE mediator_store.intake_claim SET until = '-infinity' WHERE term = ${term}::bigint`,
);

/** A row while this term is not over, and locked: another intake gets the claim before this statement or after it. */
export const claimOf = (term: string): Sql => sql`
  SELECT term FROM mediator_store.intake_claim WHERE term = ${term}::bigint FOR SHARE`;
