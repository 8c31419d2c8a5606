import { eventHeaders } from '../../../contracts/customer-event-queue.ts';
import { headersRule } from '../message.ts';

/**
 * An id says nothing of what happened, only which message this is: the case's id is one, and stays the same however often the rule is applied. A fact's
 * id is its outbox row's: nobody else may give it one.
 */
export const mintedId = headersRule(
  { name: 'minted-id', version: 1, sentence: 'An initiating event without a ce-id gets the id of its case.' },
  ({ of, headers, caseId }) =>
    of === 'customer-event' && (headers[eventHeaders.id] ?? '') === ''
      ? { ...headers, [eventHeaders.id]: caseId }
      : undefined,
);
