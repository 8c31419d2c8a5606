import { eventHeaders, eventNameIn } from '../../contracts/customer-events.ts';
import type { CaseProblem } from '../../contracts/repair.ts';
import type { Message } from '../broker.ts';

/** What a message's subject and headers say. */
export interface Envelope {
  /** Null when the headers have none that can be used. */
  readonly identity: { readonly source: string; readonly id: string } | null;
  /** The name in the subject, shortened to what may be kept. */
  readonly name: string;
  readonly problems: readonly CaseProblem[];
}

/** Short enough for a key of PostgreSQL and for a workflow's id; on one line, without spaces. */
const token = /^[\x21-\x7e]{1,200}$/;

/** What rows of events that did not come by the queue, or cannot be told apart, have for their source. */
const reservedSources: ReadonlySet<string> = new Set(['client', 'unreadable']);

const problem = (of: keyof typeof eventHeaders, message: string): CaseProblem => ({
  field: eventHeaders[of],
  message,
});

/** Reads the headers. Sentences never quote them. */
export function readEnvelope({ subject, headers }: Message): Envelope {
  const name = eventNameIn(subject) ?? '';
  const problems: CaseProblem[] = [];
  const check = (of: keyof typeof eventHeaders, holds: (value: string) => boolean, otherwise: string): void => {
    const value = headers[eventHeaders[of]];
    if (value === undefined) problems.push(problem(of, 'is missing'));
    else if (!holds(value)) problems.push(problem(of, otherwise));
  };
  check('specversion', (value) => value === '1.0', 'must be 1.0');
  check('type', (value) => value === name, 'must be the name in the subject');
  check('id', (value) => token.test(value), tokenError);
  check('source', (value) => token.test(value), tokenError);
  const hasIdentity = !problems.some(({ field }) => field === eventHeaders.id || field === eventHeaders.source);
  check('source', (value) => !reservedSources.has(value), 'is a source that only the shop itself uses');
  if (headers[eventHeaders.time] !== undefined)
    check('time', isInstant, 'must be an instant, as in 2026-11-23T08:00:00Z');
  if (headers[eventHeaders.key] !== undefined) check('key', (value) => customer.test(value), 'must be a customer id');
  const [id, source] = [headers[eventHeaders.id], headers[eventHeaders.source]];
  const usable = hasIdentity && id && source && !reservedSources.has(source);
  return { identity: usable ? { source, id } : null, name: keepable(name), problems: onePerField(problems) };
}

/** The customer that the key names; null when it names none. */
export function customerInKey({ headers }: Message): string | null {
  const key = headers[eventHeaders.key];
  return key !== undefined && customer.test(key) ? key : null;
}

const customer = /^[A-Za-z0-9._-]{1,64}$/;

const tokenError = 'must be 1 to 200 characters of ASCII without spaces';

/** RFC 3339, as CloudEvents has it. */
const isInstant = (value: string): boolean =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value));

const keepable = (name: string): string => name.replaceAll(/[^\x21-\x7e]/g, '?').slice(0, 200);

const onePerField = (problems: readonly CaseProblem[]): readonly CaseProblem[] =>
  problems.filter(({ field }, index) => problems.findIndex((other) => other.field === field) === index);
