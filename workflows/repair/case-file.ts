import {
  defineSignal,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { StoredCase, TakenUp } from '../../contracts/mediators/repair-steps.ts';
import {
  workflowProcessor,
  type RepairPolicy,
  type Returned,
  type StartRepair,
} from '../../contracts/mediators/repair.ts';
import { caseDetails } from './case-details.ts';
import { stepsOf, type CaseSteps } from './steps.ts';
import { customerAttribute } from '../../contracts/search-attributes.ts';

/** One case at work: where it stands, what is done to it, and what it was told. */
export interface CaseFile {
  readonly caseId: string;
  readonly policy: RepairPolicy;
  readonly steps: CaseSteps;
  /** Where it stood when it was taken up last; undefined at first. */
  readonly standing: StoredCase | undefined;
  /** Reads where it stands, tries the rules when they are due, and shows it. */
  takeUp(): Promise<TakenUp>;
  /** A person has done something that may have moved the case. */
  noteMoved(): void;
  /** Whether there is reason to look where the case stands. */
  hasMoved(): boolean;
  /** Whether the message that was sent back was taken. */
  wasAccepted(): boolean;
  forgetAccepted(): void;
  /** Has the case closed because its message was taken, and shows where it stands then. */
  accept(): Promise<TakenUp>;
}

/** Opens the case, and takes signals from its first moment on: they may come with its start. */
export function openCase({ caseId, policy }: StartRepair): CaseFile {
  const steps = stepsOf(caseId);
  const told = { moved: false, accepted: false };
  let standing: StoredCase | undefined;
  const show = (now: TakenUp): TakenUp => {
    standing = now;
    setCurrentDetails(caseDetails(now));
    return now;
  };
  const takeUp = async (): Promise<TakenUp> => {
    told.moved = false;
    const isFirst = standing === undefined;
    const now = await steps.takeUpCase();
    const { customerId } = now;
    // Set at the start, but for cases of an earlier version and those started for a word that came back.
    if (isFirst && customerId !== null && !isSearchable()) upsertSearchAttributes([customerAttribute(customerId)]);
    return show(now);
  };
  setHandler(defineSignal<[Returned]>(workflowProcessor.returnedSignal), () => void (told.moved = true));
  setHandler(defineSignal(workflowProcessor.acceptedSignal), () => void (told.accepted = true));
  return {
    caseId,
    policy,
    steps,
    get standing() {
      return standing;
    },
    takeUp,
    noteMoved: () => void (told.moved = true),
    hasMoved: () => told.moved,
    wasAccepted: () => told.accepted,
    forgetAccepted: () => void (told.accepted = false),
    async accept() {
      told.accepted = false;
      told.moved = false;
      // In histories of an earlier version this step answers nothing.
      const now = (await steps.acceptCase()) as TakenUp | undefined;
      return now ? show(now) : takeUp();
    },
  };
}

const isSearchable = (): boolean => workflowInfo().typedSearchAttributes.get(customerAttribute('').key) !== undefined;
