/** A role of PostgreSQL: what one part of the system may do in the database. It may do nothing else. */
export interface DatabaseRole {
  readonly name: string;
  /** One sentence for people: what it may do. */
  readonly about: string;
  /**
   * Privileges, as GRANT takes them, by table (`outbox.fact`), by all tables of a schema (`payment`), or by this table
   * of every listener (`*.inbox_seen`). What is not there, as the tables of a listener that has none, is left out.
   */
  readonly may: Readonly<Record<string, string>>;
  /** Of a table, the rows that it sees and writes, as a condition; all of them by default. */
  readonly rows?: Readonly<Record<string, string>>;
  /** The sequences that it takes numbers from; those of a whole schema come with its tables. */
  readonly counts?: readonly string[];
  /** The functions that it may call. */
  readonly calls?: readonly string[];
}

/** Rows may be read and written; the table itself stays as it is. */
export const all = 'SELECT, INSERT, UPDATE, DELETE';
/** These functions write facts and steps of the audit trail. They run as roles of their own. */
export const recordFact = 'outbox.record_fact';
export const appendAudit = 'repair.append_audit';

/** To hand a dead letter over, also one that comes back. */
export const openCase = { 'repair.case': 'SELECT, INSERT, UPDATE' };
