import { defineSignal, setCurrentDetails, setHandler, upsertSearchAttributes } from '@temporalio/workflow';
import type { CaseStanding } from '../../contracts/repair-steps.ts';
import { workflowProcessor, type RepairPolicy, type Returned, type StartRepair } from '../../contracts/repair.ts';
import { caseDetails } from './case-details.ts';
import { stepsOf, type CaseSteps } from './steps.ts';

/** One case at work: where it stands, what is done to it, and what it was told. */
export interface CaseFile {
  readonly caseId: string;
  readonly policy: RepairPolicy;
  readonly steps: CaseSteps;
  /** Where it stood when it was taken up last; undefined at first. */
  readonly standing: CaseStanding | undefined;
  /** Reads where it stands, tries the rules when they are due, and shows it. */
  takeUp(): Promise<CaseStanding>;
  /** A person has done something that may have moved the case. */
  noteMoved(): void;
  /** Whether there is reason to look where the case stands. */
  hasMoved(): boolean;
  /** Whether the message that was sent back was taken. */
  wasAccepted(): boolean;
  forgetAccepted(): void;
}

/** Opens the case, and takes signals from its first moment on: they may come with its start. */
export function openCase({ caseId, policy }: StartRepair): CaseFile {
  const steps = stepsOf(caseId);
  const told = { moved: false, accepted: false };
  let standing: CaseStanding | undefined;
  setHandler(defineSignal<[Returned]>(workflowProcessor.returnedSignal), () => void (told.moved = true));
  setHandler(defineSignal(workflowProcessor.acceptedSignal), () => void (told.accepted = true));
  return {
    caseId,
    policy,
    steps,
    get standing() {
      return standing;
    },
    async takeUp() {
      told.moved = false;
      const before = standing;
      standing = await steps.takeUpCase();
      const { customerId } = standing;
      if (!before && customerId !== null) upsertSearchAttributes([customerAttribute(customerId)]);
      setCurrentDetails(caseDetails(standing));
      return standing;
    },
    noteMoved: () => void (told.moved = true),
    hasMoved: () => told.moved,
    wasAccepted: () => told.accepted,
    forgetAccepted: () => void (told.accepted = false),
  };
}

const customerAttribute = (value: string) => ({ key: { name: 'CustomerId', type: 'KEYWORD' as const }, value });
