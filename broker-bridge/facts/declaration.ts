import type { Fact } from '../../contracts/facts.ts';
import type { Transaction } from './inbox.ts';

/**
 * Declares a listener: `listeners/<name>/listener.ts` exports one as `listener`. Nobody else has to know of it.
 * Effects happen once per fact; facts come again after trouble, and are dropped then before `apply` sees them.
 */
export interface Listener {
  /** The folder's name; also that of the durable consumer, which remembers what was taken. */
  readonly name: string;
  /** The PostgreSQL schema that holds its inbox and its own tables. No other part touches it. */
  readonly schema: string;
  /** Which facts it gets: `orders.fact.>`, `*.fact.email-sent.*`. Facts from before the listener's first start are among them. */
  readonly filterSubjects: readonly string[];
  /**
   * `every-fact-of-a-key`: facts of a key come in their sequence without gaps; one that comes too early waits. The filter must let every fact of
   * a key through. `some-facts`: they come as they come, each once.
   */
  readonly follows: 'every-fact-of-a-key' | 'some-facts';
  /** After so many failures of `apply` on one fact it is handed over to the workflow processor and comes back repaired; 5 when it is left out. */
  readonly handsOverAfter?: number;
  /** Makes its tables: SQL that may run at each start. */
  readonly tables: string;
  /** The effect of one fact, by the transaction's statements only: it is rolled back and done again when anything fails. */
  apply(tx: Transaction, fact: Fact): Promise<void>;
}
