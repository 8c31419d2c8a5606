import { askDeadline, askHeaders, askService, longestCorrelationId } from '../../contracts/outside/ask.ts';
import type { Answered, Asked, AskError, AskErrorKind } from '../../contracts/outside/ask.ts';
import { customerEventQueue } from '../../contracts/customer-event-queue.ts';
import { listenerRetries } from '../../contracts/mediators/repair.ts';
import { livePrices, priceStream } from '../../contracts/outside/prices.ts';
import { supplierDeliveries } from '../../contracts/outside/supplier-deliveries.ts';
import { readEventJson } from '../../contracts/schemas/read-json.ts';
import { isSendableHeader } from '../nats/headers.ts';
import type { ServiceAnswer, ServiceRequest } from '../nats/service-port.ts';

/** The headers that an answer repeats: the correlation id under the name that the asker gave it. */
export type Repeated = Readonly<Record<string, string>>;

/** A question that was read, or the reason why it cannot be. */
export type ReadQuestion =
  { readonly ok: true; readonly asked: Asked } | { readonly ok: false; readonly error: AskError };

/**
 * True for a reply subject that may be answered to. With our permissions an answer could go where the asker must not
 * write: to the server's own subjects, to our streams, or to another question.
 */
export function isReplySubject(subject: string): boolean {
  const isOurs = ours.some((prefix) => subject.startsWith(prefix)) || isFactOfAnyArea(subject);
  return !isOurs && !/[*>\s]/.test(subject);
}

/** Also of an area that a newer version may bring. */
const isFactOfAnyArea = (subject: string): boolean => /^[^.]+\.fact\./.test(subject);

const taken = [customerEventQueue, listenerRetries, priceStream, supplierDeliveries].flatMap(
  ({ subjects }): readonly string[] => subjects,
);

/** How the subjects begin on which the server, our streams and our questions are; live prices come from a stream. */
const ours = ['$', `${askService.group}.`, livePrices(''), ...taken.map((subject) => subject.replace(/[*>].*/, ''))];

/** Reads the message of a question without trust; its schema is its handler's to check. */
export function readQuestion({ data, headers }: Pick<ServiceRequest, 'data' | 'headers'>): ReadQuestion {
  if (!headers) return unusable('The headers of the message cannot be read.');
  const correlationId = headerIn(headers, askHeaders.correlationId);
  if (correlationId && !isCorrelationId(correlationId)) return unusable(badCorrelationId);
  const deadline = headerIn(headers, askHeaders.deadline)?.[1] ?? String(askDeadline.usual);
  if (!/^[1-9]\d{0,8}$/.test(deadline)) return unusable(badDeadline);
  const read = readEventJson(data);
  if (!read.ok) return unusable(read.message);
  return { ok: true, asked: { body: read.value, deadlineMs: Math.min(Number(deadline), askDeadline.longest) } };
}

const badCorrelationId = `The header ${askHeaders.correlationId} must be 1 to ${longestCorrelationId} characters on one line.`;
const badDeadline = `The header ${askHeaders.deadline} must be a whole number of milliseconds, 1 or more.`;

const unusable = (message: string): ReadQuestion => ({ ok: false, error: { kind: 'bad-input', message } });

/** The correlation id as it came; none when there is none that can be sent back. */
export function repeatedHeaders(headers: ServiceRequest['headers']): Repeated {
  const correlationId = headers && headerIn(headers, askHeaders.correlationId);
  return correlationId && isCorrelationId(correlationId) ? Object.fromEntries([correlationId]) : {};
}

const headerIn = (headers: Repeated, name: string) =>
  Object.entries(headers).find(([given]) => given.toLowerCase() === name);

const isCorrelationId = (header: readonly [string, string]): boolean =>
  header[1].length > 0 && header[1].length <= longestCorrelationId && isSendableHeader(header);

/** The message of an answer. An error stands in the body, and its kind in the headers of NATS services as well. */
export function toMessage(answer: Answered, repeated: Repeated): ServiceAnswer {
  const body = answer.ok ? answer.value : { error: answer.error };
  const error = answer.ok ? {} : { error: { code: codes[answer.error.kind], description: answer.error.kind } };
  const data = new TextEncoder().encode(JSON.stringify(body));
  return { data, headers: { 'content-type': 'application/json', ...repeated }, ...error };
}

/** In the way of HTTP, as tools of NATS services show them. */
const codes: Readonly<Record<AskErrorKind, number>> = {
  'bad-input': 400,
  'not-found': 404,
  'request-id-taken': 409,
  refused: 422,
  busy: 429,
  fault: 500,
  unreachable: 503,
  'not-known': 504,
};
