import type { CaseProblem } from '../../contracts/mediators/repair.ts';
import { problemsOfFact } from '../../contracts/schemas/facts.ts';
import { isDeliverySubject } from '../../contracts/outside/supplier-deliveries.ts';
import { readDelivery } from '../deliveries/read-delivery.ts';
import type { Message } from '../nats/broker.ts';
import { decodeFact, NotAFact } from '../facts/cloud-events.ts';
import { readEvent, type EventRegistry } from '../intake/read-event.ts';

/**
 * Lists the problems that the message's consumer would have with it; none when it would accept the message. Problems
 * never quote the message.
 */
export type ValidateMessage = (message: Message & { readonly of: 'customer-event' | 'fact' }) => readonly CaseProblem[];

/** Validates a message as the intake, the listeners and the deliveries do. */
export const createMessageValidator =
  (registry: EventRegistry): ValidateMessage =>
  ({ of, ...message }) =>
    of === 'fact'
      ? problemsAsFact(message)
      : isDeliverySubject(message.subject)
        ? problemsAsDelivery(message)
        : problemsAsEvent(message, registry);

function problemsAsDelivery(message: Message): readonly CaseProblem[] {
  const read = readDelivery(message);
  if (read.ok) return [];
  const { problems, message: why } = read.fault;
  return problems.length > 0 ? problems : [{ field: 'the delivery', message: why }];
}

function problemsAsEvent(message: Message, registry: EventRegistry): readonly CaseProblem[] {
  const event = readEvent(message, registry);
  if (event.ok) return [];
  return event.problems.length > 0 ? event.problems : [{ field: 'the event', message: event.message }];
}

function problemsAsFact(message: Message): readonly CaseProblem[] {
  try {
    const { name, body } = decodeFact(message);
    return problemsOfFact(name, body);
  } catch (error) {
    if (!(error instanceof NotAFact)) throw error;
    return [{ field: 'the fact', message: error.message }];
  }
}
