import type { Fact } from '../../contracts/facts.ts';
import type { SqlRunner } from '../../prisma/statement.ts';

/** Runs statements in the transaction that also holds the inbox. */
export type Transaction = SqlRunner;

/**
 * Declares a listener: `listeners/<name>/listener.ts` exports one as `listener`, and no other part has to know of it.
 * Each fact has its effect once: a fact that is delivered again is dropped before `apply` sees it.
 */
export interface Listener {
  /** The folder's name. The durable consumer, which remembers what was acknowledged, has the same name. */
  readonly name: string;
  /** The PostgreSQL schema of its inbox and its own tables. No other part writes to it. */
  readonly schema: string;
  /**
   * Selects its facts, as in `orders.fact.>` or `*.fact.email-sent.*`. Facts from before its first start are among
   * them.
   */
  readonly filterSubjects: readonly string[];
  /**
   * `every-fact-of-a-key`: the facts of a key come in their sequence without gaps, and one that is early waits. The
   * filter must then let every fact of a key through. `some-facts`: facts come in any order, each once.
   */
  readonly follows: 'every-fact-of-a-key' | 'some-facts';
  /**
   * After so many failures of `apply` a fact becomes a dead letter, which comes back when it is repaired. 5 by default.
   */
  readonly deadLetterAfter?: number;
  /** SQL that makes its tables. It runs at every start. */
  readonly tables: string;
  /**
   * The effect of one fact. It must use this transaction only: when anything fails, it is rolled back and done again.
   */
  apply(tx: Transaction, fact: Fact): Promise<void>;
}
