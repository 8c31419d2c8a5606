import { eventHeaders } from '../../../contracts/customer-event-queue.ts';
import { headersRule } from '../message.ts';

/** There is one version of CloudEvents whose binary mode has these headers. Another version that somebody states is left alone. */
export const missingSpecversion = headersRule(
  { name: 'missing-specversion', version: 1, sentence: 'A CloudEvent that does not state its specversion is of 1.0.' },
  ({ headers }) =>
    headers[eventHeaders.specversion] === undefined && headers[eventHeaders.id] !== undefined
      ? { ...headers, [eventHeaders.specversion]: '1.0' }
      : undefined,
);
