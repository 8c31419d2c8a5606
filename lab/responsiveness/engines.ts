import { setTimeout as sleep } from 'node:timers/promises';

/** A parsing engine; resolves with the word that it refuses, or null. */
type Engine = (text: string) => Promise<string | null>;

const forbidden = ['lousy', 'rubbish'];

/**
 * The chapter's three parsing engines. Each takes a third of `parsingMs` without using this machine's processor, as an
 * engine on a machine of its own does. Only the first refuses anything.
 */
export function createEngines(parsingMs: number) {
  const engine =
    (check: (text: string) => string | null): Engine =>
    async (text) => {
      await sleep(parsingMs / 3);
      return check(text);
    };
  const badWords = engine((text) => forbidden.find((word) => text.toLowerCase().includes(word)) ?? null);
  const engines = [badWords, engine(() => null), engine(() => null)];
  return {
    async inTurn(text: string): Promise<string | null> {
      const found: (string | null)[] = [];
      for (const parse of engines) found.push(await parse(text));
      return refusedBy(found);
    },
    inParallel: async (text: string): Promise<string | null> =>
      refusedBy(await Promise.all(engines.map((parse) => parse(text)))),
  };
}

const refusedBy = (found: readonly (string | null)[]): string | null => found.find((word) => word !== null) ?? null;
