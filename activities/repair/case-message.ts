import { eventNameIn } from '../../contracts/customer-event-queue.ts';
import type { CaseMessage } from './steps.ts';
import { messageOf, type RepairableMessage } from './rules/rule.ts';

/** As much of a case as its message, and the way back, follow from. */
export type MessageOfCase = Pick<
  CaseMessage,
  'caseId' | 'consumer' | 'subject' | 'headers' | 'body' | 'proposal' | 'resubmissions'
>;

/** The name of the listener that handed a fact over; undefined when it was no listener. */
export const listenerOf = (consumer: string): string | undefined => /^listener:(.+)$/.exec(consumer)?.[1];

/** The name of the initiating event or the fact, as the subject has it. */
export const kindOf = ({ consumer, subject }: Pick<CaseMessage, 'consumer' | 'subject'>): string =>
  (listenerOf(consumer) === undefined ? eventNameIn(subject) : subject.split('.')[2]) ?? '';

/** The case's message as it is now: what came back last, or what the rules left, or the original. */
export const repairable = (of: MessageOfCase): RepairableMessage =>
  messageOf({
    of: listenerOf(of.consumer) === undefined ? 'customer-event' : 'fact',
    kind: kindOf(of),
    caseId: of.caseId,
    headers: of.headers,
    bytes: of.proposal ?? of.body ?? new Uint8Array(),
  });
