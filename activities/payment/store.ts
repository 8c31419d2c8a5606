import type { ApplyPayment, PaymentApplied, PaymentRefunded, RefundPayment } from '../../contracts/payment.ts';
import type { Database } from '../../prisma/database.ts';
import { bool, jsonb, nullable } from '../../prisma/codec.ts';
import {
  insertAnswer,
  leaveTombstone,
  lockRound,
  outcomeOf,
  readAnswer,
  stored,
  type Outcome,
  type Refusal,
} from '../../prisma/outcome.ts';
import { sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';
import { intentColumns, pageOfIntents, type PageOfIntents } from '../kit/unsettled-intents.ts';
import { settleRound, type ChargeResult, type GivenBack, recordGivenBack } from './settlement.ts';
const schema = 'payment';

/**
 * The begin of a charge. `new`: the order's first charge, to be made at once. `look-first`: the gateway may already
 * have a charge of the order. `undone`, `superseded`: the command is too late, and a charge of an earlier attempt has
 * to be given back.
 */
type ChargeBegin =
  | { readonly standing: 'new' | 'look-first' | 'undone' | 'superseded' }
  | { readonly standing: 'known'; readonly outcome: Outcome<PaymentApplied> };

/** Intents, charges and refunds. The gateway is never called inside a statement. */
export type PaymentStore = ReturnType<typeof createPaymentStore>;

export const createPaymentStore = (database: Database) => ({
  /**
   * Writes the intent and the round before the gateway is asked: one statement, two when it came too late. No earlier
   * round settles after it.
   */
  begin: (command: ApplyPayment) => begin(database, command),
  /** The request ids of the order's settled charges: their amounts are known, and count. */
  async settledCharges(orderId: string): Promise<ReadonlySet<string>> {
    const where = { orderId, state: 'applied' };
    const rows = await database.prisma.charge.findMany({ where, select: { requestId: true } });
    return new Set(rows.map(({ requestId }) => requestId));
  },
  /**
   * Writes the charge, with answer and fact: one statement. Refused with `AlreadyUndone` or `Superseded` when a
   * compensation or a later round came in between: then the charge has to be given back.
   */
  settle: (command: ApplyPayment, result: ChargeResult) =>
    outcomeOf(database, { schema, requestId: command.requestId, query: settleRound(command, result) }),
  /** Leaves the tombstone of a compensation. From now on no charge of the order settles. */
  undo: (orderId: string) => leaveTombstone(database, schema, orderId),
  /**
   * Records that money went back; a charge that was not reported before is reported first, so that facts balance. Does
   * nothing the second time.
   */
  async returned(orderId: string, back: GivenBack): Promise<void> {
    const rows = await database.run(recordGivenBack(orderId, back));
    if (rows.length > 0) database.wakeRelay();
  },
  /** Stores the answer of a refund. */
  refunded: (command: RefundPayment, answer: PaymentRefunded) =>
    outcomeOf(database, { schema, requestId: command.requestId, query: answerRefund(command, answer) }),
  /** Intents that were never settled and cannot be any more, oldest first. */
  unsettled: (page: PageOfIntents) => database.run(unsettledIntents(page)),
  /** Removes an intent under which nothing was charged. Does nothing to one that was settled. */
  forget: (requestId: string) => database.prisma.charge.deleteMany({ where: { requestId, state: 'intended' } }),
});

async function begin(database: Database, command: ApplyPayment): Promise<ChargeBegin> {
  const [row] = await database.run(beginCharge(command));
  // A statement that waited for the lock does not see an answer that was stored meanwhile; a settled charge must not be
  // given back as a late one.
  const late = row?.undone === true || row?.superseded === true;
  const outcome = stored(row) ?? (late ? stored(await readAnswer(database, schema, command.requestId)) : null);
  if (outcome) return { standing: 'known', outcome };
  if (late) return { standing: row.undone ? 'undone' : 'superseded' };
  return { standing: row?.intended && command.round === 1 ? 'new' : 'look-first' };
}

/**
 * The intent holds the whole amount until it is settled: only the gateway's books say how much of it is not charged
 * yet.
 */
export const beginCharge = statement(
  'payment.begin-charge',
  {
    undone: bool,
    superseded: bool,
    intended: bool,
    answer: nullable(jsonb<PaymentApplied>()),
    refusal: nullable(jsonb<Refusal>()),
  },
  ({ requestId, orderId, round, amount }: ApplyPayment) => sql`
  WITH guard AS (${lockRound(schema, orderId, round)}), intended AS (
    INSERT INTO payment.charge (request_id, order_id, amount, currency, state)
    SELECT ${requestId}, ${orderId}, ${amount.amount}::bigint, ${amount.currency}, 'intended'
    FROM guard WHERE NOT guard.undone AND NOT guard.superseded
      AND NOT EXISTS (SELECT FROM payment.answer WHERE request_id = ${requestId})
    ON CONFLICT DO NOTHING RETURNING request_id
  )
  SELECT guard.undone, guard.superseded, EXISTS (SELECT FROM intended) AS intended, known.answer, known.refusal
  FROM guard LEFT JOIN payment.answer AS known ON known.request_id = ${requestId}`,
);

export const answerRefund = statement(
  'payment.answer-refund',
  { answer: jsonb<PaymentRefunded>() },
  (command: RefundPayment, answer: PaymentRefunded) => insertAnswer(schema, 'refund-payment', command, answer),
);

/** The round is the last part of the request id (see `Command`); an intent without a round is not touched. */
export const unsettledIntents = statement('payment.unsettled-intents', intentColumns, (page: PageOfIntents) => {
  const unsettled = sql`intent.state = 'intended'
    AND (guard.undone OR substring(intent.request_id FROM '/([0-9]+)$')::numeric < guard.round)`;
  return pageOfIntents({ table: sql`payment.charge`, guard: sql`payment.guard`, unsettled }, page);
});
