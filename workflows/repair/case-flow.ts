import { defineSignal, setHandler, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { CaseStep, StoredCase, WorkflowProcessor } from '../../contracts/mediators/repair-steps.ts';
import { workflowProcessor, type Returned, type StartRepair } from '../../contracts/mediators/repair.ts';
import { customerAttribute } from '../../contracts/search-attributes.ts';
import { openRecords } from '../kit/records.ts';
import { caseDetails } from './case-details.ts';
import { showDetails } from '../kit/steps.ts';

/** One case in its workflow: its state, its steps in PostgreSQL, and its signals. */
export class CaseFlow {
  readonly start: StartRepair;
  /** Steps run one at a time; faults are retried until they are over. */
  readonly steps = openRecords<WorkflowProcessor>(
    {
      repairCase: 'try the rules',
      resubmitCase: 'send it back',
      checkReturnedCase: 'ask after it',
      acceptCase: 'it was taken',
      remindOfCase: 'remind',
      proposeCase: ({ actor }) => `edited by ${actor}`,
      discardCase: ({ actor }) => `discarded by ${actor}`,
      assignCase: ({ actor }) => `taken by ${actor}`,
    },
    { longest: '10 seconds' },
  );
  /** True when the case may have changed since it was read last, and has to be read again. */
  hasMoved = false;
  /** True when the message that was sent back was taken. */
  isAccepted = false;
  #stored: StoredCase | undefined;
  #steps = 0;
  /** Steps of the flow itself that are under way. */
  #moves = 0;

  /** Handles signals from the beginning, because they may come with the start. */
  constructor(start: StartRepair) {
    this.start = start;
    setHandler(defineSignal<[Returned]>(workflowProcessor.returnedSignal), () => void (this.hasMoved = true));
    setHandler(defineSignal(workflowProcessor.acceptedSignal), () => void (this.isAccepted = true));
  }

  /** The case as it was read last; undefined at first. */
  get stored(): StoredCase | undefined {
    return this.#stored;
  }

  /** True while the row may say already what the flow does not know yet. */
  get isMoving(): boolean {
    return this.#stored === undefined || this.#moves > 0 || this.hasMoved;
  }

  /** The next step, under an id of its own. */
  step(): CaseStep {
    this.#steps += 1;
    return { caseId: this.start.caseId, stepId: `${workflowInfo().runId}/${this.#steps}` };
  }

  /** Reads the case, tries the rules when they are due, and shows the state. */
  async repair(): Promise<StoredCase> {
    this.hasMoved = false;
    const isFirst = this.#stored === undefined;
    const stored = await this.moving(this.steps.repairCase(this.step()));
    const { customerId } = stored;
    // A case that a mediator started has no attribute yet, because the mediator does not know the customer.
    if (isFirst && customerId !== null && !isSearchable()) upsertSearchAttributes([customerAttribute(customerId)]);
    return this.#show(stored);
  }

  /** Closes the case because its message was taken, and shows the new state. */
  async accept(): Promise<StoredCase> {
    this.isAccepted = false;
    this.hasMoved = false;
    return this.#show(await this.moving(this.steps.acceptCase(this.step())));
  }

  /** Waits for a step that changes the case. */
  async moving<Answer>(step: Promise<Answer>): Promise<Answer> {
    this.#moves += 1;
    try {
      return await step;
    } finally {
      this.#moves -= 1;
    }
  }

  #show(stored: StoredCase): StoredCase {
    this.#stored = stored;
    showDetails(caseDetails(stored));
    return stored;
  }
}

const isSearchable = (): boolean => workflowInfo().typedSearchAttributes.get(customerAttribute('').key) !== undefined;
