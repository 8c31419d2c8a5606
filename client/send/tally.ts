/** The counts of a run. An event that is neither acknowledged nor refused has had no answer. */
export interface Tally {
  /** The events that have a result, including those that the client refused itself. */
  readonly sent: number;
  readonly acknowledged: number;
  readonly refused: number;
  /** The events that an earlier run's report has as acknowledged; they are not sent again. */
  readonly before: number;
  /** Bytes of the input that are read. */
  readonly read: number;
  /** The line at which the run stopped early. */
  readonly stoppedAtLine: number | undefined;
}

/** The result of one event, for the report and for people. `key` stands for the event's id, source and body. */
export type EventResult =
  | { readonly state: 'acknowledged'; readonly line: number; readonly id: string; readonly key: string }
  | { readonly state: 'refused'; readonly line: number; readonly id: string | undefined; readonly reason: string }
  | { readonly state: 'unanswered'; readonly line: number; readonly id: string; readonly reason: string };

/** Counts, and calls `onChange` after every change. */
export function createTally(onChange: (tally: Tally) => void) {
  let tally: Tally = { sent: 0, acknowledged: 0, refused: 0, before: 0, read: 0, stoppedAtLine: undefined };
  const change = (to: Partial<Tally>) => {
    tally = { ...tally, ...to };
    onChange(tally);
  };
  return {
    now: () => tally,
    readTo: (read: number) => change({ read }),
    skip: () => change({ before: tally.before + 1 }),
    stop: (line: number) => change({ stoppedAtLine: Math.min(line, tally.stoppedAtLine ?? line) }),
    count({ state }: EventResult) {
      const { sent, acknowledged, refused } = tally;
      change({
        sent: sent + 1,
        acknowledged: acknowledged + (state === 'acknowledged' ? 1 : 0),
        refused: refused + (state === 'refused' ? 1 : 0),
      });
    },
  };
}

/** Why not every event was taken, as one sentence; undefined when all were. */
export function shortfall(tally: Tally, isInterrupted: boolean, report: string | undefined): string | undefined {
  const rest = `to send the rest, run it again with ${report === undefined ? '--report FILE, now and then' : `--report ${report}`}`;
  if (tally.stoppedAtLine !== undefined) return `Sending stopped at line ${tally.stoppedAtLine}: ${rest}.`;
  if (isInterrupted) return `Sending was interrupted: ${rest}.`;
  const missing = tally.sent - tally.acknowledged;
  return missing === 0 ? undefined : `${missing} of ${tally.sent} ${missing === 1 ? 'was' : 'were'} not taken.`;
}
