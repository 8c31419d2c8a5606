import { defineQuery, setHandler, upsertMemo } from '@temporalio/workflow';
import {
  bulk as names,
  controlNeeds,
  controlsPossible,
  type BulkControlName,
  type BulkControls,
  type BulkProgress,
  type BulkResults,
  type ControlBulk,
  type StartBulk,
} from '../../contracts/mediators/bulk.ts';
import { acceptActions, actionRefusal, isLine } from '../kit/updates.ts';
import { bulkDetails, evolve, openBulk, progressOf, stateOf, type BulkAtWork, type BulkEvent } from './state.ts';
import { showDetails } from '../kit/steps.ts';

/** A bulk action in its workflow. */
export interface BulkWork {
  readonly state: BulkAtWork;
  change(event: BulkEvent): void;
}

/**
 * Opens a bulk action: answers queries, accepts pause, resume and stop, and shows the progress in memo and current
 * details.
 */
export function openWork(start: StartBulk, cancelRequested: Promise<never>): BulkWork {
  let state = openBulk(start);
  const show = (shown: string): void => {
    showDetails(bulkDetails(state));
    if (stateOf(state) !== shown) upsertMemo({ state: stateOf(state) });
  };
  const work: BulkWork = {
    get state() {
      return state;
    },
    change(event) {
      const before = stateOf(state);
      state = evolve(state, event);
      show(before);
    },
  };
  show('running');
  setHandler(defineQuery<BulkProgress>(names.progressQuery), () => progressOf(state));
  setHandler(defineQuery<BulkResults>(names.reportQuery), () => ({ ...progressOf(state), orders: state.orders }));
  takeControls(work);
  cancelRequested.catch(() => {
    if (controlNeeds.stop.includes(stateOf(state))) control(work, 'stop', { actor: 'Temporal' });
  });
  return work;
}

function takeControls(work: BulkWork): void {
  acceptActions<BulkControls, BulkProgress>({
    handlers: {
      pause: async (asked) => control(work, 'pause', asked),
      resume: async (asked) => control(work, 'resume', asked),
      stop: async (asked) => control(work, 'stop', asked),
    },
    whyNot(name, { actor }) {
      const state = stateOf(work.state);
      if (!isLine(actor, 64)) return 'The name of who acts must be one line of 1 to 64 characters.';
      return controlNeeds[name].includes(state) ? undefined : `The bulk action is ${state}: "${name}" does not fit.`;
    },
    refuse(why) {
      const { id, state } = progressOf(work.state);
      const details = { id, state, possible: controlsPossible(state) };
      return actionRefusal(why, details);
    },
  });
}

function control(work: BulkWork, name: BulkControlName, { actor }: ControlBulk): BulkProgress {
  work.change({ type: 'controlled', control: { name, actor, at: new Date().toISOString() } });
  return progressOf(work.state);
}
