export interface Patience {
  /** Milliseconds; 10 seconds by default. */
  readonly within?: number;
  /** What is awaited, for the message when it does not come; a function is asked then. */
  readonly what?: string | (() => string);
}

type Falsy = false | null | undefined | 0 | '';

/**
 * Asks again and again until the answer is truthy, and returns it; less often the longer it takes, because asking costs
 * the time of what is awaited. An error counts as "not yet", and is told when time is over.
 */
export async function until<T>(condition: () => T | Promise<T>, patience: Patience = {}): Promise<Exclude<T, Falsy>> {
  const { within = 10_000, what = 'the condition' } = patience;
  const began = Date.now();
  const deadline = began + within;
  let cause: unknown;
  do {
    try {
      const answer = await condition();
      if (answer) return answer as Exclude<T, Falsy>;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    const pauseMs = Math.min(20 + (Date.now() - began) / 10, 100);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  } while (Date.now() < deadline);
  const awaited = typeof what === 'string' ? what : what();
  throw new Error(`Waited ${within / 1000} seconds in vain for ${awaited}.`, { cause });
}
