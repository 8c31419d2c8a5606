import { log, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { StartCustomerEvent } from '../../contracts/mediators/customer-mediator.ts';
import type { RefusalType } from '../../contracts/failures.ts';
import type { MailToCustomer } from '../../contracts/notification.ts';
import type { ChangeAddress, RegisterCustomer } from '../../contracts/order-placement.ts';
import { callOnce, callUntilDone, type Answer, type Call, type CommandOf } from '../kit/call.ts';

/** A processor said no: the event is erroneous. */
export class EventRefused extends Error {
  readonly type: RefusalType;
  constructor(message: string, type: RefusalType) {
    super(message);
    this.type = type;
  }
}

/** What a command about a customer says, besides its request id. */
interface Contents {
  'register-customer': Omit<RegisterCustomer, 'requestId'>;
  'change-address': Omit<ChangeAddress, 'requestId'>;
  'email-customer': Omit<MailToCustomer, 'requestId'>;
}

/** One event in the customer mediator's hands. */
export interface CustomerEvent {
  /**
   * Asks a command until it is acknowledged, and shows it in the Web UI; throws `EventRefused`. What asking again at once will not mend is asked
   * again later.
   */
  ask<Name extends keyof Contents>(name: Name, content: Contents[Name], summary: string): Promise<void>;
}

/** Opens the event that a workflow was started with. */
export function openCustomerEvent({
  name: eventName,
  event: { customerId },
  origin,
}: StartCustomerEvent): CustomerEvent {
  const said = new Map<string, string>();
  const show = (command: string, what: string) => {
    said.set(command, what);
    const lines = [...said].map(([asked, answer]) => `- ${asked}: ${answer}`);
    setCurrentDetails([`**${eventName}** of ${customerId}, by ${origin.via}`, '', ...lines].join('\n'));
  };
  return {
    async ask(name, content, summary) {
      const command = { ...content, requestId: `${workflowInfo().workflowId}/${name}/1` };
      const call = { name, command: command as unknown as CommandOf<typeof name>, summary };
      await callUntilDone(
        () => callAndShow(call, show),
        (failure) => {
          if (failure.kind === 'refusal') throw new EventRefused(failure.message, failure.type);
          log.warn('an event cannot go on', { requestId: command.requestId, message: failure.message });
          return 'later';
        },
      );
    },
  };
}

async function callAndShow<Name extends keyof Contents>(
  call: Call<Name>,
  show: (command: string, what: string) => void,
): Promise<Answer<Name>> {
  show(call.name, 'waiting');
  const answer = await callOnce(call);
  if ('acknowledgement' in answer) show(call.name, `done, attempt ${answer.acknowledgement.attempt}`);
  else if (answer.failure.kind === 'refusal') show(call.name, `refused: ${answer.failure.type}`);
  else show(call.name, 'failed, is asked again later');
  return answer;
}
