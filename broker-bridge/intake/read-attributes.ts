import { isJsonInUtf8 } from '../../contracts/reading/content-type.ts';
import { idPatterns } from '../../contracts/ids.ts';
import { isInstant } from '../../contracts/reading/instant.ts';
import {
  eventHeaders,
  eventNameIn,
  isEventSource,
  isEventToken,
  reservedSources,
} from '../../contracts/customer-event-queue.ts';
import type { CaseProblem } from '../../contracts/mediators/repair.ts';
import type { Message } from '../nats/broker.ts';
import { isSendableHeader } from '../nats/headers.ts';

/** The CloudEvents attributes in a message's subject and headers. */
export interface EventAttributes {
  /** Null when the headers hold no usable one. Names of headers in another letter case count too. */
  readonly identity: { readonly source: string; readonly id: string } | null;
  /** The name in the subject, shortened to the length of a row's name. */
  readonly name: string;
  readonly problems: readonly CaseProblem[];
}

const problem = (of: keyof typeof eventHeaders, message: string): CaseProblem => ({
  field: eventHeaders[of],
  message,
});

/** Reads subject and headers. The problems never quote them. */
export function readAttributes({ subject, headers }: Message): EventAttributes {
  const name = eventNameIn(subject) ?? '';
  const problems: CaseProblem[] = [];
  const check = (of: keyof typeof eventHeaders, holds: (value: string) => boolean, otherwise: string): void => {
    const value = headers[eventHeaders[of]];
    if (value === undefined) problems.push(problem(of, 'is missing'));
    else if (!holds(value)) problems.push(problem(of, otherwise));
  };
  check('specversion', (value) => value === '1.0', 'must be 1.0');
  check('type', (value) => value === name, 'must be the name in the subject');
  check('id', isEventToken, tokenError);
  check('source', isEventToken, tokenError);
  check('source', (value) => !reservedSources.has(value), 'is a source that only the shop itself uses');
  if (headers[eventHeaders.time] !== undefined)
    check('time', isInstant, 'must be an instant, as in 2026-11-23T08:00:00Z');
  if (headers[eventHeaders.key] !== undefined)
    check('key', (value) => idPatterns.customerId.test(value), 'must be a customer id');
  const contentType = headers[eventHeaders.dataContentType] ? 'dataContentType' : 'contentType';
  if (headers[eventHeaders[contentType]])
    check(contentType, isJsonInUtf8, 'must be JSON in UTF-8, as in application/json');
  for (const header of Object.keys(headers).filter(isMisspelt))
    problems.push({ field: header.toLowerCase(), message: 'must have its name in lower case' });
  if (!Object.entries(headers).every(isSendableHeader))
    problems.push({ field: 'headers', message: 'hold what is no header' });
  return { identity: identityIn(headers), name: nameIn(subject), problems: onePerField(problems) };
}

/** True for a name that would be read in lower case, and is passed over as it is. */
const isMisspelt = (header: string): boolean => header !== header.toLowerCase() && readNames.has(header.toLowerCase());

const readNames: ReadonlySet<string> = new Set(Object.values(eventHeaders).filter((name) => name.startsWith('ce-')));

function identityIn(headers: Message['headers']): EventAttributes['identity'] {
  const [id, source] = [headerIn(headers, eventHeaders.id), headerIn(headers, eventHeaders.source)];
  return isEventToken(id) && isEventSource(source) ? { source, id } : null;
}

/** The header of this name in any letter case: a repeat in other letters is still a repeat. */
function headerIn(headers: Message['headers'], name: string): string {
  const otherwise = () => Object.entries(headers).find(([other]) => other.toLowerCase() === name)?.[1];
  return headers[name] ?? otherwise() ?? '';
}

/** The name in a subject, shortened to the length of a row's name; empty when there is none. */
export const nameIn = (subject: string): string =>
  (eventNameIn(subject) ?? '').replaceAll(/[^\x21-\x7e]/g, '?').slice(0, 200);

/** The customer that the key names; null when it names none. */
export function customerInKey({ headers }: Message): string | null {
  const key = headerIn(headers, eventHeaders.key);
  return idPatterns.customerId.test(key) ? key : null;
}

/** The case that a message claims to be resubmitted from; null when no case can have such an id. */
export function caseInHeader({ headers }: Message): string | null {
  const caseId = headers[eventHeaders.caseId] ?? '';
  return isEventToken(caseId) ? caseId : null;
}

const tokenError = 'must be 1 to 200 characters of ASCII without spaces';

const onePerField = (problems: readonly CaseProblem[]): readonly CaseProblem[] =>
  problems.filter(({ field }, index) => problems.findIndex((other) => other.field === field) === index);
