import type { Currency, Money } from '../../contracts/money.ts';
import type { OrderState } from '../../contracts/mediators/order-mediator.ts';
import type {
  RecoveredReturn,
  NoteReturn,
  ReceiveReturn,
  RecordReturnAction,
  StoredReturn,
} from '../../contracts/mediators/return-records.ts';
import type { InspectedLine, ReturnOutcome } from '../../contracts/mediators/returns-mediator.ts';
import type { Database } from '../../prisma/database.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import type { Outcome } from '../../prisma/outcome.ts';
import type { ReturnState, ReturnOutcomeName } from '../../contracts/mediators/return-requested.ts';
import type { ReturnPolicy } from '../../contracts/mediators/return-policy.ts';

/** One row per return, and what people did to it. One statement each, safe to repeat; see `ReturnsLedger` of the contracts. */
export interface ReturnsStore {
  /** Opens the row, or finds it: one statement, two when it was there. */
  receive(entry: ReceiveReturn): Promise<Outcome<StoredReturn>>;
  /** Removes a row that has not gone beyond `received`. */
  withdraw(requestId: string): Promise<void>;
  /** Writes down where an unfinished return stands. */
  note(entry: NoteReturn): Promise<void>;
  /** Keeps the action, and where the return stands by it; does nothing the second time. */
  record(entry: RecordReturnAction): Promise<void>;
  finish(entry: ReturnOutcome): Promise<void>;
}

export const createReturnsStore = (database: Database): ReturnsStore => ({
  receive: (entry) => receive(database, entry),
  async withdraw(requestId) {
    await database.prisma
      .$executeRaw`DELETE FROM returns.return WHERE request_id = ${requestId} AND state = 'received'`;
  },
  async note(entry) {
    await database.prisma.$executeRaw(standing(entry, Prisma.sql`request_id = ${entry.requestId}`));
  },
  async record(entry) {
    await database.prisma.$executeRaw(recording(entry));
  },
  async finish({ requestId, outcome, refunded }) {
    await database.prisma.$executeRaw`
      UPDATE returns.return SET state = ${outcome}, since = now(), deadline = NULL, trouble = NULL, finished_at = now(),
        amount = ${refunded?.amount ?? null}::bigint, currency = ${refunded?.currency ?? null}
      WHERE request_id = ${requestId} AND finished_at IS NULL`;
  },
});

async function receive({ prisma }: Database, entry: ReceiveReturn): Promise<Outcome<StoredReturn>> {
  const { event, bodyHash, workflowId, policy } = entry;
  const { requestId } = event;
  await prisma.$executeRaw`
    INSERT INTO returns.return (request_id, workflow_id, body_hash, order_id, customer_id, reason, lines, policy)
    VALUES (${requestId}, ${workflowId}, ${bodyHash}, ${event.orderId}, ${event.customerId}, ${event.reason}, ${JSON.stringify(event.lines)}::jsonb,
      ${JSON.stringify(policy)}::jsonb)
    ON CONFLICT (request_id) DO NOTHING`;
  const row = await rowOf(prisma, requestId);
  if (!row) throw new Error(`The return ${requestId} was withdrawn a moment ago; asking again is safe.`);
  if (row.bodyHash !== bodyHash) return { refusal: { type: 'RequestIdTaken', details: { requestId } } };
  const { orderState } = row;
  if (row.finished) return { answer: { finished: outcomeOf(requestId, row), orderState, recovered: null } };
  return { answer: { finished: null, orderState, recovered: row.state === 'received' ? null : recoveredFrom(row) } };
}

interface ReturnRow {
  readonly bodyHash: string;
  readonly state: ReturnState;
  readonly since: Date;
  readonly deadline: Date | null;
  readonly reminders: number;
  readonly trouble: string | null;
  readonly inspected: readonly InspectedLine[] | null;
  readonly policy: ReturnPolicy | null;
  readonly declinedBecause: string | null;
  readonly finished: boolean;
  readonly amount: bigint | null;
  readonly currency: Currency | null;
  readonly orderState: OrderState | null;
}

async function rowOf(prisma: Database['prisma'], requestId: string): Promise<ReturnRow | undefined> {
  const [row] = await prisma.$queryRaw<ReturnRow[]>`
    SELECT body_hash AS "bodyHash", state, since, deadline, reminders, trouble, inspected, policy, finished_at IS NOT NULL AS finished, amount, currency,
      (SELECT state FROM mediator_store.flow WHERE flow.order_id = return.order_id) AS "orderState",
      (SELECT details->>'reason' FROM returns.action WHERE action.request_id = return.request_id AND action = 'decline' ORDER BY at DESC LIMIT 1)
        AS "declinedBecause"
    FROM returns.return WHERE request_id = ${requestId}`;
  return row;
}

const outcomeOf = (requestId: string, row: ReturnRow): ReturnOutcome => ({
  requestId,
  outcome: row.state as ReturnOutcomeName,
  refunded: moneyOf(row),
});

const recoveredFrom = (row: ReturnRow): RecoveredReturn => {
  const { state, since, deadline, reminders, trouble, inspected, policy, declinedBecause } = row;
  const [from, until] = [since.toISOString(), deadline?.toISOString() ?? null];
  const found = { inspected, amount: moneyOf(row), declinedBecause };
  return { state, since: from, deadline: until, reminders, trouble, policy, ...found };
};

const moneyOf = ({ amount, currency }: ReturnRow): Money | null =>
  amount !== null && currency !== null ? { amount: Number(amount), currency } : null;

/** The statement that writes where a return stands; what was not said stays. One that has ended stays as it ended. */
const standing = (entry: NoteReturn, which: Prisma.Sql): Prisma.Sql => {
  const { state, since, deadline, reminders, trouble, inspected, amount } = entry;
  return Prisma.sql`
    UPDATE returns.return SET state = ${state}, since = ${since}::timestamptz, deadline = ${deadline}::timestamptz,
      reminders = ${reminders}::int, trouble = ${trouble},
      inspected = coalesce(${inspected ? JSON.stringify(inspected) : null}::jsonb, inspected),
      amount = coalesce(${amount?.amount ?? null}::bigint, amount), currency = coalesce(${amount?.currency ?? null}, currency)
    WHERE ${which} AND finished_at IS NULL`;
};

const recording = (entry: RecordReturnAction): Prisma.Sql => {
  const { requestId, actionId, action, actor, details } = entry;
  return Prisma.sql`
    WITH done AS (
      INSERT INTO returns.action (request_id, action_id, action, actor, details)
      VALUES (${requestId}, ${actionId}, ${action}, ${actor}, ${JSON.stringify(details)}::jsonb)
      ON CONFLICT (request_id, action_id) DO NOTHING RETURNING request_id
    )
    ${standing(entry, Prisma.sql`request_id = (SELECT request_id FROM done)`)}`;
};
