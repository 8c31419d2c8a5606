import { log } from '@temporalio/workflow';
import { eventRequestId } from '../../contracts/ids.ts';
import type {
  CustomerEvents,
  EndedEvent,
  EventRefusal,
  SimpleEvent,
} from '../../contracts/mediators/customer-mediator.ts';
import { callOnce, callUntilDone, type AcknowledgementOf, type Answer, type CommandOf } from '../kit/call.ts';
import type { CustomerProgress } from './progress.ts';

type CommandName =
  'register-customer' | 'change-address' | 'change-email' | 'mark-unreachable' | 'record-bounce' | 'email-customer';

/** Gives one command of the event to its processor; the request id is the same however often the event is handled. */
type Ask = <Name extends CommandName>(
  name: Name,
  content: Omit<CommandOf<Name>, 'requestId'>,
  summary: string,
) => Promise<AcknowledgementOf<Name>>;

type Handle<Event> = (ask: Ask, event: Event) => Promise<void>;

/** The commands of each event: one or two. A new simple event is an entry here. */
const handlers: { readonly [Name in keyof CustomerEvents]: Handle<Extract<SimpleEvent, { name: Name }>> } = {
  async 'customer-registered'(ask, { body: { customerId, name, email } }) {
    const { isNew } = await ask('register-customer', { customerId, name, email }, customerId);
    if (!isNew) return; // another event told of the same customer: one welcome is enough
    const welcome = { kind: 'welcome', customerId, to: { name, email } } as const;
    await ask('email-customer', welcome, 'mail: welcome');
  },
  async 'address-changed'(ask, { body: { customerId, address }, happenedAt }) {
    await ask('change-address', { customerId, address, happenedAt }, `${customerId}, ${address.country}`);
  },
  async 'email-changed'(ask, { body, happenedAt }) {
    await ask('change-email', { ...body, happenedAt }, body.customerId);
  },
  async 'mail-bounced'(ask, { body }) {
    await ask('record-bounce', body, `${body.customerId}, ${body.status}`);
  },
  async 'customer-unreachable'(ask, { body }) {
    await ask('mark-unreachable', body, body.customerId);
  },
};

/**
 * Handles one event: it ends when every command is acknowledged, or when a processor has refused one. Faults are
 * retried until they are over.
 */
export async function handleEvent(event: SimpleEvent, progress: CustomerProgress): Promise<EndedEvent> {
  const { origin } = event;
  progress.begins(event);
  try {
    await (handlers[event.name] as Handle<SimpleEvent>)(asking(event, progress), event);
  } catch (error) {
    if (!(error instanceof EventRefused)) throw error;
    progress.ends(`refused: ${error.refusal.type}`);
    return { origin, refused: error.refusal };
  }
  progress.ends('done');
  return { origin, refused: null };
}

class EventRefused extends Error {
  readonly refusal: EventRefusal;
  constructor(refusal: EventRefusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

const asking =
  ({ origin }: SimpleEvent, progress: CustomerProgress): Ask =>
  (name, content, summary) => {
    const command = { requestId: eventRequestId(origin, name), ...content } as CommandOf<typeof name>;
    const call = async (): Promise<Answer<typeof name>> => {
      progress.asks(name);
      const answer = await callOnce({ name, command, summary });
      progress.answers(name, answer);
      return answer;
    };
    return callUntilDone(call, (failure) => {
      if (failure.kind === 'refusal') throw new EventRefused({ type: failure.type, message: failure.message });
      log.warn('an event cannot go on', { requestId: command.requestId, message: failure.message });
      return 'later';
    });
  };
