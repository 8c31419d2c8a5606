import {
  customerEventSubject,
  eventHeaders,
  eventNameIn,
  isEventSource,
} from '../../contracts/customer-event-queue.ts';
import { factAreas, factHeaders, factSubject, isFactId, isFactSequence, isFactSource } from '../../contracts/facts.ts';
import { retryHeaders, type CaseProblem } from '../../contracts/mediators/repair.ts';
import { supplierDeliveries } from '../../contracts/outside/supplier-deliveries.ts';
import type { CaseMessage } from './statements.ts';

type Headers = Readonly<Record<string, string>>;

/** The part of a case that its headers and its subject follow from. */
type Addressed = Pick<CaseMessage, 'consumer' | 'subject' | 'headers' | 'correctedHeaders'>;

/** The name of the listener that handed a fact over; undefined for any other consumer. */
export const listenerOf = (consumer: string): string | undefined => /^listener:(.+)$/.exec(consumer)?.[1];

/** True for a delivery of the supplier; it goes back on the subject that it came on. */
const isDelivery = ({ consumer }: Pick<Addressed, 'consumer'>): boolean => consumer === supplierDeliveries.consumer;

/** True for an initiating event; a case of `restore-check`, which has no message, is named like one. */
export const isEvent = (of: Pick<Addressed, 'consumer'>): boolean =>
  listenerOf(of.consumer) === undefined && !isDelivery(of);

/** The headers as they came, with a person's corrections, of which an empty one leaves its header out. */
export function headersOf({ headers, correctedHeaders }: Pick<Addressed, 'headers' | 'correctedHeaders'>): Headers {
  const others = Object.entries(headers).filter(([name]) => !Object.hasOwn(correctedHeaders, name.toLowerCase()));
  const corrected = Object.entries(correctedHeaders).filter(([, value]) => value !== '');
  return Object.fromEntries([...others, ...corrected]);
}

/** The name of the initiating event or the fact: that of the subject, unless a person has said another one. */
export function messageName({ consumer, subject, correctedHeaders }: Omit<Addressed, 'headers'>): string {
  const inSubject = isEvent({ consumer }) ? eventNameIn(subject) : subject.split('.')[2];
  return correctedHeaders[eventHeaders.type] || (inSubject ?? '');
}

/** The subject of the message, which follows when a person has corrected its name, or a fact's key. */
export function subjectOf(of: Addressed): string {
  const { consumer, subject, correctedHeaders } = of;
  const name = messageName(of);
  if (isDelivery(of)) return subject;
  if (listenerOf(consumer) === undefined)
    return correctedHeaders[eventHeaders.type] ? customerEventSubject(name) : subject;
  if (!correctedHeaders[factHeaders.type] && !correctedHeaders[factHeaders.subject]) return subject;
  const areas: Readonly<Record<string, string>> = factAreas;
  const area = (Object.hasOwn(areas, name) ? areas[name] : subject.split('.')[0]) ?? '';
  return factSubject({ area, name, key: headersOf(of)[factHeaders.subject] ?? '' });
}

/** Headers that say which message this is. One that can be used stays. */
const identity: { readonly [Of in 'event' | 'fact']: Readonly<Record<string, (value: string) => boolean>> } = {
  event: { [eventHeaders.id]: () => true, [eventHeaders.source]: isEventSource },
  fact: {
    [factHeaders.id]: isFactId,
    [factHeaders.epoch]: isFactSequence,
    [factHeaders.sequence]: isFactSequence,
    [factHeaders.source]: isFactSource,
  },
};

const alwaysOpen: { readonly [Of in 'event' | 'fact']: readonly string[] } = {
  event: [eventHeaders.type, eventHeaders.time, eventHeaders.key],
  fact: [factHeaders.type, factHeaders.subject, factHeaders.key, factHeaders.time],
};

/** Headers that every message which goes back gets from us. */
const ours: ReadonlySet<string> = new Set([
  eventHeaders.specversion,
  eventHeaders.dataschema,
  eventHeaders.contentType,
  eventHeaders.dataContentType,
  eventHeaders.caseId,
  eventHeaders.history,
  ...Object.values(retryHeaders),
]);

const kindOf = ({ consumer }: Pick<Addressed, 'consumer'>) => (listenerOf(consumer) === undefined ? 'event' : 'fact');

/** The headers that a person may correct: what it is, when and whose, and an identity that cannot be used. */
export function correctable(of: Addressed): readonly string[] {
  const kind = kindOf(of);
  const unusable = Object.entries(identity[kind]).filter(([name, isUsable]) => !isUsable(of.headers[name] ?? ''));
  return [...alwaysOpen[kind], ...unusable.map(([name]) => name)];
}

/** The corrections that cannot be made, by header. The values are read by the message's consumer. */
export function problemsOfCorrections(of: Addressed, corrections: Headers): readonly CaseProblem[] {
  const possible = correctable(of);
  return Object.entries(corrections).flatMap(([field, value]) => {
    if (!possible.includes(field)) return [{ field, message: whyNotCorrectable(of, field, possible) }];
    return isHeaderText(value) ? [] : [{ field, message: 'must be one line of at most 500 characters' }];
  });
}

function whyNotCorrectable(of: Addressed, name: string, possible: readonly string[]): string {
  if (Object.hasOwn(identity[kindOf(of)], name)) return 'says which message this is, and stays as it is';
  if (ours.has(name)) return 'is put right by itself when the message goes back: leave it out';
  return `is no header that can be corrected: possible are ${possible.join(', ')}`;
}

const isHeaderText = (value: string): boolean => /^[^\p{Cc}\p{Cs}]{0,500}$/u.test(value);
