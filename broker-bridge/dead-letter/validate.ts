import type { CaseProblem } from '../../contracts/mediators/repair.ts';
import { problemsOfFact } from '../../contracts/schemas/facts.ts';
import type { Message } from '../nats/broker.ts';
import { decodeFact, NotAFact } from '../facts/cloud-events.ts';
import { readEvent, type EventRegistry } from '../intake/read-event.ts';

/** Says what is wrong with a message in the eyes of the consumer it is to go back to; nothing when that would take it. Never quotes it. */
export type JudgeMessage = (message: Message & { readonly of: 'customer-event' | 'fact' }) => readonly CaseProblem[];

/** Judges as intake and the listeners read. */
export const createJudge =
  (kinds: EventRegistry): JudgeMessage =>
  ({ of, ...message }) =>
    of === 'fact' ? problemsAsFact(message) : problemsAsEvent(message, kinds);

function problemsAsEvent(message: Message, kinds: EventRegistry): readonly CaseProblem[] {
  const event = readEvent(message, kinds);
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
