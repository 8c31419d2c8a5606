import { log, workflowInfo } from '@temporalio/workflow';
import type { RefusalType } from '../../contracts/failures.ts';
import type { StartCustomerEvent } from '../../contracts/mediators/customer-mediator.ts';
import { callOnce, callUntilDone, type AcknowledgementOf, type Answer, type Call } from '../kit/call.ts';
import { showDetails } from '../kit/steps.ts';

/** Ends an event that a processor refused. */
export class EventRefused extends Error {
  readonly type: RefusalType;
  constructor(message: string, type: RefusalType) {
    super(message);
    this.type = type;
  }
}

type CommandName = 'register-customer' | 'change-address' | 'email-customer';

/** One event about a customer in its workflow: it calls processors, and shows their answers in the Web UI. */
export class CustomerEvent {
  readonly #start: StartCustomerEvent;
  readonly #answers = new Map<string, string>();

  constructor(start: StartCustomerEvent) {
    this.#start = start;
  }

  /** The request id of a command, the same in every workflow of this event. */
  requestId = (name: CommandName): string => `${workflowInfo().workflowId}/${name}/1`;

  /** Calls until the command is acknowledged, with longer and longer pauses after faults. Throws `EventRefused`. */
  call<Name extends CommandName>(call: Call<Name>): Promise<AcknowledgementOf<Name>> {
    return callUntilDone(
      () => this.#callOnce(call),
      (failure) => {
        if (failure.kind === 'refusal') throw new EventRefused(failure.message, failure.type);
        const { requestId } = call.command;
        log.warn('an event cannot go on', { requestId, message: failure.message });
        return 'later';
      },
    );
  }

  async #callOnce<Name extends CommandName>(call: Call<Name>): Promise<Answer<Name>> {
    this.#show(call.name, 'waiting');
    const answer = await callOnce(call);
    if ('acknowledgement' in answer) this.#show(call.name, `done, attempt ${answer.acknowledgement.attempt}`);
    else if (answer.failure.kind === 'refusal') this.#show(call.name, `refused: ${answer.failure.type}`);
    else this.#show(call.name, 'failed, is called again later');
    return answer;
  }

  #show(command: CommandName, answer: string): void {
    this.#answers.set(command, answer);
    const { name, event, origin } = this.#start;
    const lines = [...this.#answers].map(([called, answered]) => `- ${called}: ${answered}`);
    showDetails([`**${name}** of ${event.customerId}, by ${origin.via}`, '', ...lines].join('\n'));
  }
}
