import type { EventKey } from '../../contracts/mediators/event-records.ts';
import { idPatterns } from '../../contracts/ids.ts';
import { dataschemaOf, schemaVersionIn } from '../../contracts/cloud-events.ts';
import { eventHeaders, isEventSource, isEventToken } from '../../contracts/customer-event-queue.ts';
import { factHeaders } from '../../contracts/facts.ts';
import { listenerRetrySubject, retryHeaders, type CaseProblem } from '../../contracts/mediators/repair.ts';
import { repairable, type ValidateMessage, type MessageOfCase } from './case.ts';
import { headersOf, isEvent, listenerOf, messageName, problemsOfCorrections, subjectOf } from './corrections.ts';
import { applyRules, nameOfRule, repairRules } from './rules/apply-rules.ts';
import type { CaseMessage } from './statements.ts';
import { isInstant } from '../../contracts/reading/instant.ts';

type Headers = Readonly<Record<string, string>>;

/** A message for a stream, which keeps two of one id once. */
export interface ResubmittedMessage {
  readonly id: string;
  readonly subject: string;
  readonly headers: Headers;
  readonly data: Uint8Array;
}

/** The `ce-source` of a resubmitted event that has no usable one. */
const ownSource = 'workflow-processor';

/** The message of a resubmitted case, with the history of its repair. */
export const messageToResubmit = (of: CaseMessage): ResubmittedMessage =>
  resubmission(of, of.proposal ?? new Uint8Array(), historyOf(of));

/** The repairs of a message as sentences, for its consumer. A rule that exists no more is only named. */
const historyOf = ({ rules, resubmissions, caseId }: CaseMessage): readonly string[] => [
  ...rules.map((applied) => {
    const rule = repairRules.find((known) => nameOfRule(known) === applied);
    return rule ? `${applied}: ${rule.sentence}` : applied;
  }),
  `Resubmitted from the case ${caseId}, time ${resubmissions}.`,
];

/** The identity of a resubmitted event in the mediator store. Facts and deliveries have no row there. */
export const eventKeyOf = (of: CaseMessage, { headers }: ResubmittedMessage): EventKey | undefined =>
  isEvent(of) ? { source: headers[eventHeaders.source] ?? '', eventId: headers[eventHeaders.id] ?? '' } : undefined;

/** A message as a person has put it right; headers that are not named stay as they are. */
export interface Draft {
  readonly data: Uint8Array;
  readonly headers?: Headers | undefined;
}

/**
 * The problems that its consumer would find if the case's message were resubmitted as in this draft, with its headers
 * as they would be sent; or the corrections of headers that cannot be made.
 */
export function problemsOfDraft(
  of: MessageOfCase,
  { data, headers: corrections = {} }: Draft,
  validate: ValidateMessage,
): readonly CaseProblem[] {
  const problems = problemsOfCorrections(of, corrections);
  if (problems.length > 0) return problems;
  const correctedHeaders = { ...of.correctedHeaders, ...corrections };
  const draft = { ...of, correctedHeaders, resubmissions: of.resubmissions + 1 };
  const { headers } = resubmission(draft, data, []);
  return validate({ of: repairable(draft).of, headers, data, subject: subjectOf(draft) });
}

/**
 * A repaired message: an initiating event for its own subject under a new id, a listener's fact for that listener
 * alone, with its id and sequence. The same resubmission always gives the same message.
 */
function resubmission(of: MessageOfCase, data: Uint8Array, history: readonly string[]): ResubmittedMessage {
  const { headers } = applyRules(repairable(of)).message;
  const mark = { [eventHeaders.caseId]: of.caseId, [eventHeaders.history]: asciiJson(history) };
  const message = { id: `${of.caseId}~${of.resubmissions}`, data };
  const listener = listenerOf(of.consumer);
  if (listener === undefined) {
    return { ...message, subject: subjectOf(of), headers: { ...eventHeadersOf(of, headers), ...mark } };
  }
  const name = messageName(of);
  const fact = {
    [factHeaders.type]: name,
    [factHeaders.dataschema]: dataschemaOf(name, schemaVersionIn(headers[factHeaders.dataschema] ?? '', name) ?? 1),
    [factHeaders.specversion]: '1.0',
    [retryHeaders.subject]: subjectOf(of),
  };
  return { ...message, subject: listenerRetrySubject(listener), headers: { ...headers, ...fact, ...mark } };
}

/** Tells a listener that a fact was given up, so that later facts of its key wait no more. */
export const skipMarker = (of: MessageOfCase, listener: string): ResubmittedMessage => ({
  id: `${of.caseId}~skip`,
  subject: listenerRetrySubject(listener),
  headers: {
    ...headersOf(of),
    [eventHeaders.caseId]: of.caseId,
    [retryHeaders.skip]: 'discarded',
    [retryHeaders.subject]: subjectOf(of),
  },
  data: new Uint8Array(),
});

/**
 * Certain headers are corrected: the name becomes the subject's, the version ours, and the id stays recognizable.
 * Unusable ones are left out, but for those that a person has given: they are read by the intake.
 */
function eventHeadersOf(of: MessageOfCase, headers: Headers): Headers {
  const kind = messageName(of);
  const source = headers[eventHeaders.source] ?? '';
  const isGiven = (name: string) => Object.hasOwn(of.correctedHeaders, name);
  const optional = [eventHeaders.time, eventHeaders.key, 'traceparent', 'tracestate'];
  return {
    ...Object.fromEntries(
      Object.entries(headers).filter(
        ([name, value]) => optional.includes(name) && (isGiven(name) || isUsable(name, value)),
      ),
    ),
    [eventHeaders.id]: resubmittedId(of),
    [eventHeaders.source]: isEventSource(source) || (source && isGiven(eventHeaders.source)) ? source : ownSource,
    [eventHeaders.type]: kind,
    [eventHeaders.specversion]: '1.0',
    [eventHeaders.dataContentType]: 'application/json',
    [eventHeaders.dataschema]: dataschemaOf(kind),
  };
}

function resubmittedId({ headers, caseId, resubmissions }: MessageOfCase): string {
  const own = `${(headers[eventHeaders.id] ?? '').trim()}~${resubmissions}`;
  return isEventToken(own) && !own.startsWith('~') ? own : `${caseId}~${resubmissions}`;
}

function isUsable(name: string, value: string): boolean {
  if (name === eventHeaders.time) return isInstant(value);
  return name === eventHeaders.key ? idPatterns.customerId.test(value) : /^[\x20-\x7e]{0,500}$/.test(value);
}

/** Header values are ASCII on one line. */
const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(
    /[^\x20-\x7e]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
