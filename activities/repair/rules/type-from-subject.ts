import { eventHeaders } from '../../../contracts/customer-event-queue.ts';
import { headersRule } from '../message.ts';

/** A type that names something else is left alone: nobody but a person can say which of the two is meant. */
export const typeFromSubject = headersRule(
  {
    name: 'type-from-subject',
    version: 1,
    sentence: 'A ce-type that is missing, or written in another way than the subject has it, is the subject’s.',
  },
  ({ headers, kind }) => {
    const type = headers[eventHeaders.type];
    const isThere = type !== undefined && type !== '';
    if (type === kind || (isThere && plain(type) !== plain(kind))) return undefined;
    return { ...headers, [eventHeaders.type]: kind };
  },
);

/** `PlaceOrder`, `place_order` and `PLACE-ORDER` are one name. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[-_ ]/g, '');
