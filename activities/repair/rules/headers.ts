import { dataschemaOf } from '../../../contracts/cloud-events.ts';
import { eventHeaders } from '../../../contracts/customer-event-queue.ts';
import { instantMeant, isInstant } from '../../../contracts/reading/instant.ts';
import { parseEvent } from '../../../contracts/schemas/initiating-events.ts';
import { headersRule } from './rule.ts';

const ceHeaders: ReadonlySet<string> = new Set(Object.values(eventHeaders).filter((name) => name.startsWith('ce-')));

/** A header that is there in lower case as well is left alone. */
export const headerNames = headersRule(
  {
    name: 'header-names',
    version: 1,
    sentence: 'The names of CloudEvents headers are lower case, their values without spaces around.',
  },
  ({ headers }) => {
    const repaired: Record<string, string> = { ...headers };
    for (const [name, value] of Object.entries(headers)) {
      const lower = name.toLowerCase();
      if (!ceHeaders.has(lower) || (name !== lower && Object.hasOwn(headers, lower))) continue;
      if (name !== lower) delete repaired[name];
      repaired[lower] = value.trim();
    }
    return hasSameValues(repaired, headers) ? undefined : repaired;
  },
);

const hasSameValues = (one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean =>
  Object.keys(other).every((name) => one[name] === other[name]);

/**
 * An id only distinguishes one message from another. The case's id does that, and the rule gives the same id each time.
 * The id of a fact comes from its outbox row, so a fact without one is left alone.
 */
export const mintedId = headersRule(
  { name: 'minted-id', version: 1, sentence: 'An initiating event without a ce-id gets the id of its case.' },
  ({ of, headers, caseId }) =>
    of === 'customer-event' && (headers[eventHeaders.id] ?? '') === ''
      ? { ...headers, [eventHeaders.id]: caseId }
      : undefined,
);

/** Only version 1.0 of CloudEvents has these headers. A message that states another version is left alone. */
export const missingSpecversion = headersRule(
  { name: 'missing-specversion', version: 1, sentence: 'A CloudEvent that does not state its specversion is of 1.0.' },
  ({ headers }) =>
    headers[eventHeaders.specversion] === undefined && headers[eventHeaders.id] !== undefined
      ? { ...headers, [eventHeaders.specversion]: '1.0' }
      : undefined,
);

/** A type that names another event is left alone: only a person can say if the type or the subject is right. */
export const typeFromSubject = headersRule(
  {
    name: 'type-from-subject',
    version: 1,
    sentence: 'A ce-type that is missing, or written in another way than the subject has it, is the subject’s.',
  },
  ({ headers, kind }) => {
    const type = headers[eventHeaders.type];
    const isThere = type !== undefined && type !== '';
    if (type === kind || (isThere && lettersOf(type) !== lettersOf(kind))) return undefined;
    return { ...headers, [eventHeaders.type]: kind };
  },
);

/** `PlaceOrder`, `place_order` and `PLACE-ORDER` are one name. */
const lettersOf = (name: string): string => name.toLowerCase().replaceAll(/[-_ ]/g, '');

/** An instant without a zone may mean any, and is left to a person. */
export const timeForm = headersRule(
  {
    name: 'time-form',
    version: 1,
    sentence:
      'A ce-time without seconds, with a space for its T, or in milliseconds since 1970, is written by RFC 3339; one without a zone is left alone.',
  },
  ({ headers }) => {
    const time = headers[eventHeaders.time];
    const meant = time === undefined || isInstant(time) ? undefined : instantMeant(time);
    return meant === undefined ? undefined : { ...headers, [eventHeaders.time]: meant };
  },
);

/**
 * Runs after the renamed fields, on a message that is of version 1 in all but its name. A newer version may mean
 * anything and is left alone.
 */
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
