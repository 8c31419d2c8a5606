import { setTimeout as sleep } from 'node:timers/promises';
import type { Fact } from '../contracts/facts.ts';

/** The facts that were broadcast since the board was made, by the order they are about. */
export type FactBoard = ReturnType<typeof putUpFactBoard>;

/** Puts every fact on the board as it is heard, and passes it on. */
export function putUpFactBoard(heard: AsyncIterable<Fact>, each: (fact: Fact) => void) {
  const byOrder = new Map<string, Fact[]>();
  const state: { failure?: unknown } = {};
  void (async () => {
    for await (const fact of heard) {
      const orderId = orderOf(fact);
      if (orderId !== undefined) byOrder.set(orderId, [...(byOrder.get(orderId) ?? []), fact]);
      each(fact);
    }
  })().catch((error: unknown) => void (state.failure = error));
  const about = (orderId: string): readonly Fact[] => byOrder.get(orderId) ?? [];
  return {
    about,
    /** Resolves when the facts about the order are enough, or when the time is over. */
    async waitFor(orderId: string, enough: (facts: readonly Fact[]) => boolean, withinMs: number) {
      const until = Date.now() + withinMs;
      while (!enough(about(orderId)) && state.failure === undefined && Date.now() < until) await sleep(25);
      return about(orderId);
    },
    /** The reason for which no more facts can be heard; undefined while they can. */
    get failure() {
      return state.failure;
    },
  };
}

/** A fact about stock may concern an order too. */
const orderOf = ({ body }: Fact): string | undefined => ('orderId' in body ? body.orderId : undefined);
