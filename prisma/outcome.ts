import type { CommandName } from '../contracts/command-routes.ts';
import type { RefusalDetails, RefusalType } from '../contracts/failures.ts';
import { bigintText, bool, jsonb, nullable } from './codec.ts';
import type { Database } from './database.ts';
import { raw, sql, type Sql } from './sql.ts';
import { statement, type Query } from './statement.ts';

/** A refusal as it is stored and given again. */
export type Refusal = { [T in RefusalType]: { readonly type: T; readonly details: RefusalDetails[T] } }[RefusalType];

/** The result of a command: the answer for its mediator, or a refusal. */
export type Outcome<Answer> = { readonly answer: Answer } | { readonly refusal: Refusal };

/** The columns of a statement that stores an answer whenever it returns a row. */
export const storedColumns = <Answer>() => ({
  answer: jsonb<Answer>(),
  /** The sequence of the fact that was recorded. */
  sequence: nullable(bigintText),
});

/** The columns of a command's statement that may store nothing. */
export const triedColumns = <Answer>() => ({ ...storedColumns<Answer>(), answer: nullable(jsonb<Answer>()) });

/**
 * The same columns for a command that its compensation may have overtaken: `undone` says that the compensation came
 * first.
 */
export const guardedColumns = <Answer>() => ({ ...triedColumns<Answer>(), undone: bool });

/** The same columns for a command that is asked anew in rounds: `superseded` says that a later round came first. */
export const roundColumns = <Answer>() => ({ ...guardedColumns<Answer>(), superseded: bool });

/**
 * A refusal that was stored (`refusal`), or one that leaves no trace and counts only when no answer is known
 * (`otherwise`).
 */
export const refusalColumn = nullable(jsonb<Refusal>());

/** The columns that a command's statement may return. */
interface StatementRow<Answer> {
  readonly answer: Answer | null;
  readonly undone?: boolean | null;
  readonly superseded?: boolean;
  readonly refusal?: Refusal | null;
  readonly otherwise?: Refusal | null;
  readonly sequence?: string | null;
}

export type CommandQuery<Answer> = Query<StatementRow<Answer>>;

/** A command's statement, and the place of its answer. */
interface Asked<Answer> {
  readonly schema: AnswerSchema;
  readonly requestId: string;
  readonly query: CommandQuery<Answer>;
  /** Queries that take locks before the statement, in the same transaction; none for a command of one statement. */
  readonly locks?: readonly Query<unknown>[];
  /** A query after the statement, in its transaction. */
  readonly last?: Query<unknown>;
}

/** The schemas of the processors that store their answers. */
export type AnswerSchema = 'order_placement' | 'payment' | 'inventory' | 'order_fulfillment' | 'warehouse' | 'shipping';

/** The warehouse has no guard: it orders for the shop, not for one order, and a purchase is never compensated. */
type GuardedSchema = Exclude<AnswerSchema, 'warehouse'>;

/**
 * Runs a query after its locks, in one transaction, and then the last one. Each sees every commit that came while the
 * locks waited, which the expressions of a single statement cannot see.
 */
export const underLocks = <Row>(
  database: Database,
  locks: readonly Query<unknown>[],
  query: Query<Row>,
  last?: Query<unknown>,
): Promise<Row[]> =>
  database.transaction(async (on) => {
    for (const lock of locks) await on.run(lock);
    const rows = await on.run(query);
    if (last) await on.run(last);
    return rows;
  });

/**
 * Runs the one statement of a command and returns its result. That is the answer or refusal it stored; else the one
 * that was stored under the request id before, which a second statement reads (the first could not see a commit that
 * came while it waited for a lock); else a refusal: the order's compensation or a later round of the command was
 * faster, or `otherwise` applies. A row without either was pruned: `AnswerPruned` is thrown.
 */
export async function outcomeOf<Answer>(
  database: Database,
  { schema, requestId, query, locks = [], last }: Asked<Answer>,
): Promise<Outcome<Answer>> {
  const [row] = await (locks.length > 0 ? underLocks(database, locks, query, last) : database.run(query));
  if (row?.sequence != null) database.wakeRelay();
  const given = stored(row);
  if (given) return given;
  const before = await readAnswer<Answer>(database, schema, requestId);
  const outcome = stored(before);
  if (outcome) return outcome;
  if (before) throw new AnswerPruned(requestId);
  if (row?.undone) return { refusal: { type: 'AlreadyUndone', details: { requestId } } };
  if (row?.superseded) return { refusal: { type: 'Superseded', details: { requestId } } };
  if (row?.otherwise) return { refusal: row.otherwise };
  throw new Error(`The answer to ${requestId} was neither stored nor found; asking again is safe.`);
}

/** The command was done, so long ago that its answer is gone. It did nothing now. */
export class AnswerPruned extends Error {
  override readonly name = 'AnswerPruned';

  constructor(requestId: string) {
    super(
      `The command ${requestId} was done, and its answer was removed after its order had ended: nothing was done again.`,
    );
  }
}

type Stored<Answer> = Pick<StatementRow<Answer>, 'answer' | 'refusal'>;

/** The answer or refusal of a stored row; null when it has neither. */
export function stored<Answer>(row: Stored<Answer> | undefined): Outcome<Answer> | null {
  if (row?.answer) return { answer: row.answer };
  return row?.refusal ? { refusal: row.refusal } : null;
}

/** The part of a statement that stores an answer as it is given; it returns nothing when one is stored already. */
export const insertAnswer = (
  schema: AnswerSchema,
  command: CommandName,
  { requestId, orderId }: { readonly requestId: string; readonly orderId: string },
  answer: object,
): Sql => sql`
  INSERT INTO ${raw(`${schema}.answer`)} (request_id, order_id, command, answer)
  VALUES (${requestId}, ${orderId}, ${command}, ${JSON.stringify(answer)}::jsonb)
  ON CONFLICT DO NOTHING RETURNING answer`;

export const storedAnswer = statement(
  'answer.read',
  { answer: nullable(jsonb<unknown>()), refusal: refusalColumn },
  (schema: AnswerSchema, requestId: string) =>
    sql`SELECT answer, refusal FROM ${raw(`${schema}.answer`)} WHERE request_id = ${requestId}`,
);

/** The row stored under a request id, also one that the caller's own statement could not see. */
export async function readAnswer<Answer>(
  database: Database,
  schema: AnswerSchema,
  requestId: string,
): Promise<Stored<Answer> | undefined> {
  const [row] = await database.run(storedAnswer(schema, requestId));
  return row as Stored<Answer> | undefined;
}

/**
 * The part of a statement that locks the order's guard row, or makes it. All commands of an order pass here one at a
 * time, and see a compensation that came first. The body of a CTE that returns `undone`.
 */
export const lockGuard = (schema: GuardedSchema, orderId: string): Sql => sql`
  INSERT INTO ${raw(`${schema}.guard`)} (order_id) VALUES (${orderId})
  ON CONFLICT (order_id) DO UPDATE SET order_id = excluded.order_id RETURNING undone`;

/**
 * As `lockGuard`, for a command that is asked anew in rounds: the row keeps the latest round, by which an earlier one
 * that comes late finds that it is superseded. The body of a CTE that returns `undone` and `superseded`.
 */
export const lockRound = (schema: 'payment' | 'inventory', orderId: string, round: number): Sql => sql`
  INSERT INTO ${raw(`${schema}.guard`)} AS guard (order_id, round) VALUES (${orderId}, ${round}::int)
  ON CONFLICT (order_id) DO UPDATE SET round = greatest(guard.round, excluded.round)
  RETURNING undone, round > ${round}::int AS superseded`;

export const tombstone = statement(
  'answer.leave-tombstone',
  {},
  (schema: GuardedSchema, orderId: string) => sql`
    INSERT INTO ${raw(`${schema}.guard`)} (order_id, undone) VALUES (${orderId}, true)
    ON CONFLICT (order_id) DO UPDATE SET undone = true`,
);

/**
 * The first, committed half of a compensation: waits for the commands of the order that are under way and stops those
 * that come later. The reversal, which comes after, therefore sees every effect it has to reverse.
 */
export async function leaveTombstone(database: Database, schema: GuardedSchema, orderId: string): Promise<void> {
  await database.execute(tombstone(schema, orderId));
}
