/** How far a file has been sent, and what became of its events. One that is neither acknowledged nor refused has had no answer. */
export interface Tally {
  /** Events that were dealt with, those the client itself refused among them. */
  readonly sent: number;
  readonly acknowledged: number;
  readonly refused: number;
  /** Acknowledged by an earlier run, by its report: not sent again. */
  readonly before: number;
  /** Bytes of the input that are read. */
  readonly read: number;
  /** Where the sending was given up. */
  readonly stoppedAtLine: number | undefined;
}

/** What became of one event, for the report and for people; `key` stands for the event's id, source and body. */
export type Settled =
  | { readonly state: 'acknowledged'; readonly line: number; readonly id: string; readonly key: string }
  | { readonly state: 'refused'; readonly line: number; readonly id: string | undefined; readonly reason: string }
  | { readonly state: 'unanswered'; readonly line: number; readonly id: string; readonly reason: string };

/** Counts, and tells of every change. */
export function openTally(onChange: (tally: Tally) => void) {
  let tally: Tally = { sent: 0, acknowledged: 0, refused: 0, before: 0, read: 0, stoppedAtLine: undefined };
  const change = (to: Partial<Tally>) => {
    tally = { ...tally, ...to };
    onChange(tally);
  };
  return {
    now: () => tally,
    reads: (read: number) => change({ read }),
    skips: () => change({ before: tally.before + 1 }),
    stops: (line: number) => change({ stoppedAtLine: Math.min(line, tally.stoppedAtLine ?? line) }),
    settles({ state }: Settled) {
      const { sent, acknowledged, refused } = tally;
      change({
        sent: sent + 1,
        acknowledged: acknowledged + (state === 'acknowledged' ? 1 : 0),
        refused: refused + (state === 'refused' ? 1 : 0),
      });
    },
  };
}
