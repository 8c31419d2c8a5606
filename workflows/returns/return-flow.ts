import { log } from '@temporalio/workflow';
import type { CommandName } from '../../contracts/command-routes.ts';
import type { EventRecords } from '../../contracts/mediators/event-records.ts';
import type { ReturnRecords } from '../../contracts/mediators/return-records.ts';
import type { StartReturn } from '../../contracts/mediators/returns-mediator.ts';
import type { StepNumber } from '../../contracts/mediators/steps.ts';
import { Background } from '../kit/background.ts';
import { callUntilDone, type AcknowledgementOf, type Answer, type Call } from '../kit/call.ts';
import type { Refusal } from '../../contracts/failures.ts';
import { eventSummaries } from '../kit/queued-event.ts';
import { openRecords } from '../kit/records.ts';
import { StepLog, showDetails } from '../kit/steps.ts';
import { currentDetails } from './current-details.ts';
import { evolve, requested, rowOf, type ReturnAtWork, type ReturnEvent } from './state.ts';

/**
 * One return in its workflow: its state, shown by query and current details, its records, and its calls of processors.
 */
export class ReturnFlow {
  readonly start: StartReturn;
  /** Alone are those before `opened` and after `ended`: every action is refused then. */
  readonly records = openRecords<ReturnRecords & EventRecords>(
    {
      ...eventSummaries,
      receiveReturn: 'open the row of the return',
      withdrawReturn: 'remove the row of the return',
      noteReturn: ({ state }) => `write down: ${state}`,
      recordReturnAction: ({ action }) => `write down: ${action}`,
      finishReturn: 'close the row of the return',
    },
    { alone: ['receiveReturn', 'withdrawReturn', 'refuseEvent', 'finishReturn', 'completeEvent'] },
  );
  /** The mails. Only the end of the return waits for them. */
  readonly background = new Background();
  readonly #calls = new StepLog((steps) => this.change({ type: 'called', steps }));
  #state: ReturnAtWork;

  constructor(start: StartReturn) {
    this.start = start;
    this.#state = requested(start, now());
  }

  get state(): ReturnAtWork {
    return this.#state;
  }

  change(event: ReturnEvent): void {
    const before = this.#state.progress.state;
    this.#state = evolve(this.#state, event, now());
    const { progress } = this.#state;
    showDetails(currentDetails(progress, this.start.event));
    const { requestId, orderId, state } = progress;
    if (state !== before) log.info(state, { requestId, orderId });
  }

  /** Records the state of the return. */
  record(): Promise<void> {
    return this.records.noteReturn(rowOf(this.#state));
  }

  /** Calls a processor for as long as the policy retries faults. */
  call<Name extends CommandName>(step: StepNumber, call: Call<Name>): Promise<Answer<Name>> {
    return this.#calls.call(step, { ...call, retryFor: this.#state.policy.retryFor });
  }

  /**
   * Calls until there is an answer. A processor that fails past the retry time shows as trouble, and is called again
   * less and less often.
   */
  async untilAnswered<Name extends CommandName>(
    step: StepNumber,
    call: Call<Name>,
  ): Promise<AcknowledgementOf<Name> | Refusal> {
    const answer = await callUntilDone<Name, Refusal>(
      () => this.call(step, call),
      async (failure) => {
        if (failure.kind === 'refusal') return { instead: failure };
        this.change({ type: 'failed', command: call.name, message: failure.message });
        await this.record();
        return 'later';
      },
    );
    if (this.#state.failures.has(call.name)) {
      this.change({ type: 'answered', command: call.name });
      await this.record();
    }
    return answer;
  }

  /** Calls a command of the last step, which no processor refuses. */
  async untilDone<Name extends CommandName>(call: Call<Name>): Promise<AcknowledgementOf<Name>> {
    const answer = await this.untilAnswered(5, call);
    if (!('kind' in answer)) return answer;
    throw new Error(`A command that is never refused was refused: ${answer.message}`);
  }
}

/** The workflow's own clock, which replays the same. */
const now = (): string => new Date().toISOString();
