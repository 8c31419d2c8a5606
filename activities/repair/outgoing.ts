import { idPatterns } from '../../contracts/ids.ts';
import { dataschemaOf, eventHeaders } from '../../contracts/customer-event-queue.ts';
import { factHeaders } from '../../contracts/facts.ts';
import { listenerRetrySubject, retryHeaders } from '../../contracts/mediators/repair.ts';
import { applyRules } from './rules/apply-rules.ts';
import { kindOf, listenerOf, repairable, type MessageOfCase } from './case-message.ts';

type Headers = Readonly<Record<string, string>>;

/** A message on its way to a stream; two of one id are kept once. */
export interface ResubmittedMessage {
  readonly id: string;
  readonly subject: string;
  readonly headers: Headers;
  readonly data: Uint8Array;
}

/** Who a resubmission of a message without a usable `ce-source` comes from, when a person has it sent. */
const ownSource = 'workflow-processor';

/**
 * A repaired message on its way back: an initiating event to its own subject under a new id, a listener's fact to that listener alone with the id and
 * the sequence it had. The same for the same resubmission, whoever asks.
 */
export function resubmission(of: MessageOfCase, data: Uint8Array, history: readonly string[]): ResubmittedMessage {
  const { headers } = applyRules(repairable(of)).message;
  const mark = { [eventHeaders.caseId]: of.caseId, [eventHeaders.history]: asciiJson(history) };
  const message = { id: `${of.caseId}~${of.resubmissions}`, data };
  const listener = listenerOf(of.consumer);
  if (listener === undefined) {
    return { ...message, subject: of.subject, headers: { ...eventHeadersOf(of, headers), ...mark } };
  }
  const fact = { [factHeaders.type]: kindOf(of), [factHeaders.specversion]: '1.0', [retryHeaders.subject]: of.subject };
  return { ...message, subject: listenerRetrySubject(listener), headers: { ...headers, ...fact, ...mark } };
}

/** Tells a listener that a fact was given up, so that later ones of its key need not wait for it. */
export const skipMarker = (of: MessageOfCase, listener: string): ResubmittedMessage => ({
  id: `${of.caseId}~skip`,
  subject: listenerRetrySubject(listener),
  headers: {
    ...of.headers,
    [eventHeaders.caseId]: of.caseId,
    [retryHeaders.skip]: 'discarded',
    [retryHeaders.subject]: of.subject,
  },
  data: new Uint8Array(),
});

/** What can be said for certain is put right: the name is the subject's, the version ours, and the id stays recognizable. What cannot be used is left out. */
function eventHeadersOf(of: MessageOfCase, headers: Headers): Headers {
  const kind = kindOf(of);
  const source = headers[eventHeaders.source] ?? '';
  const optional = [eventHeaders.time, eventHeaders.key, eventHeaders.contentType, 'traceparent', 'tracestate'];
  return {
    ...Object.fromEntries(
      Object.entries(headers).filter(([name, value]) => optional.includes(name) && fits(name, value)),
    ),
    [eventHeaders.id]: resubmittedId(of),
    [eventHeaders.source]: isToken(source) ? source : ownSource,
    [eventHeaders.type]: kind,
    [eventHeaders.specversion]: '1.0',
    [eventHeaders.dataschema]: dataschemaOf(kind),
  };
}

function resubmittedId({ headers, caseId, resubmissions }: MessageOfCase): string {
  const own = `${(headers[eventHeaders.id] ?? '').trim()}~${resubmissions}`;
  return isToken(own) && !own.startsWith('~') ? own : `${caseId}~${resubmissions}`;
}

/** What intake can keep: ASCII without spaces. */
const isToken = (text: string): boolean => /^[\x21-\x7e]{1,200}$/.test(text);

function fits(name: string, value: string): boolean {
  if (name === eventHeaders.time) return !Number.isNaN(Date.parse(value));
  return name === eventHeaders.key ? idPatterns.customerId.test(value) : /^[\x20-\x7e]{0,500}$/.test(value);
}

/** Header values are ASCII on one line. */
const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(
    /[^\x20-\x7e]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
