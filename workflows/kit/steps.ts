import { commandRoutes, type CommandName } from '../../contracts/command-routes.ts';
import type { StepNumber, StepRecord } from '../../contracts/mediators/steps.ts';

/** What was asked of whom and what came of it, in the order of asking. */
export interface StepLog {
  readonly records: readonly StepRecord[];
  /** Notes that a command is asked now; the entry takes what comes of it. */
  open(step: StepNumber, command: CommandName, requestId: string): StepEntry;
}

export interface StepEntry {
  acknowledged(attempt: number): void;
  refused(type: string): void;
}

/** Opens an empty log. `changed` is called after every entry and every answer. */
export function openStepLog(changed: () => void): StepLog {
  const records: StepRecord[] = [];
  const settle = (index: number, answer: Partial<StepRecord>) => {
    records[index] = { ...(records[index] as StepRecord), ...answer };
    changed();
  };
  return {
    records,
    open(step, command, requestId) {
      const { processor } = commandRoutes[command];
      const asked = { step, command, processor, requestId, askedAt: now() };
      const index = records.push({ ...asked, acknowledgedAt: null, attempt: null, refusal: null }) - 1;
      changed();
      return {
        acknowledged: (attempt) => settle(index, { acknowledgedAt: now(), attempt }),
        refused: (refusal) => settle(index, { refusal }),
      };
    },
  };
}

/** The workflow's own clock, which replays the same. */
const now = (): string => new Date().toISOString();
