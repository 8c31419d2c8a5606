import { dataschemaOf, eventHeaders } from '../../../contracts/customer-event-queue.ts';
import { parseEvent } from '../../../contracts/schemas/initiating-events.ts';
import { headersRule } from '../message.ts';

/** Comes after the renamed fields: what is of version 1 in all but its name. A version that is newer than ours may mean anything. */
export const olderDataschema = headersRule(
  {
    name: 'older-dataschema',
    version: 1,
    sentence: 'A message of version 0 whose fields are those of version 1 says so.',
  },
  ({ headers, kind, content }) =>
    headers[eventHeaders.dataschema] === dataschemaOf(kind, 0) && content && parseEvent(kind, content.of).ok
      ? { ...headers, [eventHeaders.dataschema]: dataschemaOf(kind) }
      : undefined,
);
