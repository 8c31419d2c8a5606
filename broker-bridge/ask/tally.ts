import type { Answered } from '../../contracts/outside/ask.ts';

/** The numbers of one question since the process began, as the statistics of the service have them. */
export type Tally = ReturnType<typeof createTally>;

export function createTally() {
  const counts = {
    /** Answered with a value. */
    answered: 0,
    /** Answered with any error but one of ours. */
    refused: 0,
    /** Errors on our side; the reasons are in the log. */
    faults: 0,
    /** Named no subject that could be answered to: nothing was done. */
    ignored: 0,
  };
  let milliseconds = 0;
  return {
    ignore: () => void (counts.ignored += 1),
    /** Counts an answer, and the milliseconds from the question's arrival to it. */
    count(answer: Answered, tookMs: number): void {
      milliseconds += tookMs;
      counts[answer.ok ? 'answered' : answer.error.kind === 'fault' ? 'faults' : 'refused'] += 1;
    },
    numbers(): object {
      const answers = counts.answered + counts.refused + counts.faults;
      return { ...counts, averageMs: answers === 0 ? 0 : Math.round((milliseconds / answers) * 10) / 10 };
    },
  };
}
