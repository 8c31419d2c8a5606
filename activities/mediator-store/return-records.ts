import { orderStates } from '../../contracts/mediators/order-mediator.ts';
import { type ReturnPolicy, returnStates, type ReturnOutcomeName } from '../../contracts/mediators/returns.ts';
import type {
  NoteReturn,
  ReceiveReturn,
  RecordReturnAction,
  RecoveredReturn,
  ReturnRecords,
  StoredReturn,
} from '../../contracts/mediators/return-records.ts';
import type { InspectedLine, ReturnOutcome } from '../../contracts/mediators/returns-mediator.ts';
import { currencies, moneyOf } from '../../contracts/money.ts';
import type { WithdrawOrder } from '../../contracts/mediators/order-records.ts';
import { tellRefused } from './refused-request.ts';
import {
  bigintNumber,
  bigintText,
  bool,
  instant,
  int,
  jsonb,
  nullable,
  oneOf,
  text,
  type RowOf,
} from '../../prisma/codec.ts';
import type { Database } from '../../prisma/database.ts';
import type { Outcome } from '../../prisma/outcome.ts';
import { sql, type Sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';
import { answerOf } from '../kit/refuse.ts';

/**
 * The returns mediator's records, as activities of its worker. Each is one statement; `receiveReturn` has two.
 */
export const createReturnRecords = (database: Database): ReturnRecords => ({
  receiveReturn: async (entry) => answerOf(await receiveReturn(database, entry)),
  async withdrawReturn(entry) {
    const [withdrawn] = await database.run(withdrawReturn(entry));
    if (withdrawn?.sequence != null) database.wakeRelay();
  },
  async noteReturn(entry) {
    await database.execute(noteReturn(entry));
  },
  async recordReturnAction(entry) {
    await database.execute(recordReturnAction(entry));
  },
  async finishReturn(entry) {
    await database.execute(finishReturn(entry));
  },
});

async function receiveReturn(database: Database, entry: ReceiveReturn): Promise<Outcome<StoredReturn>> {
  const { requestId } = entry.event;
  await database.execute(openReturn(entry));
  const [row] = await database.run(readReturn(requestId));
  if (!row) throw new Error(`The return ${requestId} was withdrawn a moment ago; asking again is safe.`);
  if (row.bodyHash !== entry.bodyHash) return { refusal: { type: 'RequestIdTaken', details: { requestId } } };
  const { orderState } = row;
  if (row.finished) return { answer: { finished: outcomeOf(requestId, row), orderState, recovered: null } };
  return { answer: { finished: null, orderState, recovered: row.state === 'received' ? null : recoveredFrom(row) } };
}

/** Removes the row of a return that was refused, and tells of that with `request-refused`. */
export const withdrawReturn = statement(
  'mediator-store.withdraw-return',
  { sequence: nullable(bigintText) },
  ({ requestId, refused }: WithdrawOrder) => sql`
  WITH withdrawn AS (
    DELETE FROM returns.return WHERE request_id = ${requestId} AND state = 'received' RETURNING request_id
  )
  SELECT ${tellRefused('return-requested', requestId, refused)} AS sequence FROM withdrawn`,
);

const returnColumns = {
  bodyHash: text,
  state: oneOf(...returnStates),
  since: instant,
  deadline: nullable(instant),
  reminders: int,
  trouble: nullable(text),
  inspected: nullable(jsonb<readonly InspectedLine[]>()),
  policy: nullable(jsonb<ReturnPolicy>()),
  declinedBecause: nullable(text),
  finished: bool,
  amount: nullable(bigintNumber),
  currency: nullable(oneOf(...currencies)),
  orderState: nullable(oneOf(...orderStates)),
};

type ReturnRow = RowOf<typeof returnColumns>;

/** Opens the row of a return. Does nothing when it is there. */
export const openReturn = statement(
  'mediator-store.open-return',
  {},
  ({ event, bodyHash, workflowId, policy }: ReceiveReturn) => sql`
  INSERT INTO returns.return (request_id, workflow_id, body_hash, order_id, customer_id, reason, lines, policy)
  VALUES (${event.requestId}, ${workflowId}, ${bodyHash}, ${event.orderId}, ${event.customerId}, ${event.reason},
    ${JSON.stringify(event.lines)}::jsonb, ${JSON.stringify(policy)}::jsonb)
  ON CONFLICT (request_id) DO NOTHING`,
);

/** The row of a return, with the state of its order. */
export const readReturn = statement(
  'mediator-store.read-return',
  returnColumns,
  (requestId: string) => sql`
  SELECT body_hash AS "bodyHash", state, since, deadline, reminders, trouble, inspected, policy, finished_at IS NOT NULL AS finished, amount, currency,
    (SELECT state FROM mediator_store.flow WHERE flow.order_id = return.order_id) AS "orderState",
    (SELECT details->>'reason' FROM returns.action WHERE action.request_id = return.request_id AND action = 'decline' ORDER BY at DESC LIMIT 1)
      AS "declinedBecause"
  FROM returns.return WHERE request_id = ${requestId}`,
);

const outcomeOf = (requestId: string, row: ReturnRow): ReturnOutcome => ({
  requestId,
  outcome: row.state as ReturnOutcomeName,
  refunded: moneyOf(row.amount, row.currency),
});

const recoveredFrom = (row: ReturnRow): RecoveredReturn => {
  const { state, since, deadline, reminders, trouble, inspected, policy, declinedBecause } = row;
  const amount = moneyOf(row.amount, row.currency);
  return { state, since, deadline, reminders, trouble, policy, inspected, declinedBecause, amount };
};

/** Writes the state of a return; a part that is left out stays. A return that has ended stays as it ended. */
const writeState = (entry: NoteReturn, which: Sql): Sql => {
  const { state, since, deadline, reminders, trouble, inspected, amount } = entry;
  return sql`
  UPDATE returns.return SET state = ${state}, since = ${since}::timestamptz, deadline = ${deadline}::timestamptz,
    reminders = ${reminders}::int, trouble = ${trouble},
    inspected = coalesce(${inspected ? JSON.stringify(inspected) : null}::jsonb, inspected),
    amount = coalesce(${amount?.amount ?? null}::bigint, amount), currency = coalesce(${amount?.currency ?? null}, currency)
  WHERE ${which} AND finished_at IS NULL`;
};

/** Writes the state of an unfinished return. */
export const noteReturn = statement('mediator-store.note-return', {}, (entry: NoteReturn) =>
  writeState(entry, sql`request_id = ${entry.requestId}`),
);

/** Keeps the action, and the state of the return that follows from it. Does nothing the second time. */
export const recordReturnAction = statement('mediator-store.record-return-action', {}, (entry: RecordReturnAction) => {
  const { requestId, actionId, action, actor, details } = entry;
  return sql`
  WITH done AS (
    INSERT INTO returns.action (request_id, action_id, action, actor, details)
    VALUES (${requestId}, ${actionId}, ${action}, ${actor}, ${JSON.stringify(details)}::jsonb)
    ON CONFLICT (request_id, action_id) DO NOTHING RETURNING request_id
  )
  ${writeState(entry, sql`request_id = (SELECT request_id FROM done)`)}`;
});

/** Writes the outcome of a return. Does nothing the second time. */
export const finishReturn = statement(
  'mediator-store.finish-return',
  {},
  ({ requestId, outcome, refunded }: ReturnOutcome) => sql`
  UPDATE returns.return SET state = ${outcome}, since = now(), deadline = NULL, trouble = NULL, finished_at = now(),
    amount = ${refunded?.amount ?? null}::bigint, currency = ${refunded?.currency ?? null}
  WHERE request_id = ${requestId} AND finished_at IS NULL`,
);
