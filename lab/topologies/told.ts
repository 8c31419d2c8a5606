import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../test/support/until.ts';
import type { Side } from './sides.ts';

/** A fact in the outbox: it is there when its effect is, also where no relay broadcasts it. */
export interface ToldFact {
  /** With the kind of a mail, as `email-sent confirmation`. */
  readonly name: string;
  /** Milliseconds since 1970, by the clock that the measurement reads too. */
  readonly at: number;
  /** Its place in the stream of facts; null before it is there. */
  readonly streamSequence: number | null;
}

/** What was told about an order so far, oldest first. */
export async function told({ shop }: Side, orderId: string): Promise<readonly ToldFact[]> {
  const { rows } = await shop.sql.query<ToldFact>(
    `SELECT concat_ws(' ', name, body->>'kind') AS name, (extract(epoch FROM time) * 1000)::float8 AS at,
       stream_sequence::int AS "streamSequence"
     FROM outbox.fact WHERE key = $1 ORDER BY sequence`,
    [orderId],
  );
  return rows;
}

/** The customer's last mail: on every side an order is finished when it is sent. */
export const lastMail = 'email-sent shipped';

/** Waits until a fact of this name is told about the order; undefined when the time is over. */
export async function heard(side: Side, orderId: string, name: string, within: number): Promise<ToldFact | undefined> {
  const find = async () => (await told(side, orderId)).find((fact) => fact.name === name);
  return until(find, { within }).catch(() => undefined);
}

/** The instants at which orders finish; asked for all that are waited for by one statement, every 20 ms. */
export class Finishes {
  readonly #side: Side;
  readonly #waiting = new Map<string, Waiting>();
  #isAsking = false;

  constructor(side: Side) {
    this.#side = side;
  }

  /** Resolves with the instant at which the order finished, in milliseconds since 1970. */
  of(orderId: string): Promise<number> {
    const finish = new Promise<number>((finished, failed) => this.#waiting.set(orderId, { finished, failed }));
    if (!this.#isAsking)
      void this.#ask().catch((error: unknown) => {
        for (const { failed } of this.#waiting.values()) failed(error);
      });
    return finish;
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    while (this.#waiting.size > 0) {
      const { rows } = await this.#side.shop.sql.query<{ key: string; at: number }>(
        `SELECT key, (extract(epoch FROM time) * 1000)::float8 AS at FROM outbox.fact
         WHERE key = ANY ($1) AND name = 'email-sent' AND body->>'kind' = 'shipped'`,
        [[...this.#waiting.keys()]],
      );
      for (const { key, at } of rows) {
        this.#waiting.get(key)?.finished(at);
        this.#waiting.delete(key);
      }
      await sleep(20);
    }
    this.#isAsking = false;
  }
}

interface Waiting {
  readonly finished: (at: number) => void;
  readonly failed: (error: unknown) => void;
}
