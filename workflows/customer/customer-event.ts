import { log, setCurrentDetails, sleep, workflowInfo } from '@temporalio/workflow';
import type { StartCustomerEvent } from '../../contracts/mediators/customer-mediator.ts';
import type { RefusalType } from '../../contracts/failures.ts';
import type { MailToCustomer } from '../../contracts/notification.ts';
import type { ChangeAddress, RegisterCustomer } from '../../contracts/order-placement.ts';
import { callProcessor, failureOf, type CommandOf } from '../kit/call.ts';
import { backOff } from '../kit/back-off.ts';

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
      for (let waitMinutes = 1; ; waitMinutes = backOff(waitMinutes)) {
        const trouble = await askOnce(name, command as unknown as CommandOf<typeof name>, summary, show);
        if (!trouble) return;
        log.warn('an event cannot go on', { requestId: command.requestId, message: trouble });
        await sleep(`${waitMinutes} minutes`);
      }
    },
  };
}

/** Undefined when it was acknowledged; what was said when its fault is a lasting one. */
async function askOnce<Name extends keyof Contents>(
  name: Name,
  command: CommandOf<Name>,
  summary: string,
  show: (command: string, what: string) => void,
): Promise<string | undefined> {
  show(name, 'waiting');
  try {
    const { attempt } = await callProcessor(name, command, { summary });
    show(name, `done, attempt ${attempt}`);
    return undefined;
  } catch (error) {
    const trouble = failureOf(error); // throws a bug
    show(name, trouble.kind === 'refusal' ? `refused: ${trouble.type}` : 'failed, is asked again later');
    if (trouble.kind === 'refusal') throw new EventRefused(trouble.message, trouble.type);
    return trouble.message;
  }
}
