import { dataschemaOf, schemaVersionIn } from '../../contracts/cloud-events.ts';
import { isInstant } from '../../contracts/reading/instant.ts';
import { isRecord } from '../../contracts/reading/record.ts';
import type { FactBodies } from '../../contracts/fact-bodies.ts';
import {
  factAreas,
  factHeaders,
  factSubject,
  isFactId,
  isFactSequence,
  isFactSource,
  subjectToken,
  type Fact,
  type FactArea,
  type FactName,
  type FactSource,
} from '../../contracts/facts.ts';
import { versionOfFact } from '../../contracts/schemas/facts.ts';
import { problemOfMode, toBinaryMode } from '../cloud-events/content-mode.ts';
import type { Message, OutgoingMessage } from '../nats/broker.ts';

/** A fact as the outbox holds it: its body is JSON text, and its name may be one that only a newer version knows. */
export interface WrittenFact extends Omit<Fact, 'name' | 'area' | 'version' | 'body'> {
  readonly name: string;
  readonly area: string;
  readonly body: string;
}

/** CloudEvents 1.0 in binary mode: attributes in headers, the body as JSON. Throws when the key is no text. */
export function encodeFact(fact: WrittenFact): OutgoingMessage {
  const headers = {
    [factHeaders.id]: fact.id,
    [factHeaders.source]: fact.source,
    [factHeaders.type]: fact.name,
    [factHeaders.subject]: fact.key,
    [factHeaders.key]: fact.key,
    [factHeaders.time]: fact.time,
    [factHeaders.epoch]: String(fact.epoch),
    [factHeaders.sequence]: String(fact.sequence),
    [factHeaders.specversion]: '1.0',
    [factHeaders.dataschema]: dataschemaOf(fact.name, versionOfFact(fact.name)),
    [factHeaders.dataContentType]: 'application/json',
    ...(fact.correlationId === null ? {} : { [factHeaders.correlationId]: fact.correlationId }),
    ...(fact.causationId === null ? {} : { [factHeaders.causationId]: fact.causationId }),
  };
  return { id: fact.id, subject: factSubject(fact), headers, data: new TextEncoder().encode(fact.body) };
}

/** A fact as one JSON text: CloudEvents 1.0 in structured mode, for those who get it without headers. */
export const structuredFact = (fact: Fact): string =>
  JSON.stringify({
    specversion: '1.0',
    id: fact.id,
    source: fact.source,
    type: fact.name,
    subject: fact.key,
    time: fact.time,
    dataschema: dataschemaOf(fact.name, fact.version),
    datacontenttype: 'application/json',
    partitionkey: fact.key,
    keyepoch: String(fact.epoch),
    keysequence: String(fact.sequence),
    ...(fact.correlationId === null ? {} : { correlationid: fact.correlationId }),
    ...(fact.causationId === null ? {} : { causationid: fact.causationId }),
    data: fact.body,
  });

/** The message is no fact. The sentence says why, and quotes nothing of the body. */
export class NotAFact extends Error {
  override readonly name = 'NotAFact';
}

/**
 * Reads a fact from a message, or throws `NotAFact`. An unknown name passes when its form is right, so that a newer
 * producer does not stop an older listener.
 */
export function decodeFact(message: Message): Fact {
  const { subject, headers, data } = toBinaryMode(message);
  const problem = problemOfMode({ headers, data });
  if (problem) throw new NotAFact(`The header content-type ${problem}.`);
  const [area, , name, token] = partsOf(subject);
  const header = (of: keyof typeof factHeaders, holds: (value: string) => boolean): string => {
    const value = headers[factHeaders[of]] ?? '';
    if (!holds(value)) throw new NotAFact(`The header ${factHeaders[of]} is missing or malformed.`);
    return value;
  };
  header('specversion', (value) => value === '1.0');
  if (header('type', Boolean) !== name) throw new NotAFact('The header ce-type and the subject name different facts.');
  const key = header('subject', Boolean);
  if (subjectToken(key) !== token) throw new NotAFact('The header ce-subject and the subject name different keys.');
  const version = schemaVersionIn(header('dataschema', Boolean), name);
  if (version === null) throw new NotAFact('The header ce-dataschema names the schema of another fact.');
  return {
    id: header('id', isFactId),
    name: name as FactName,
    area: area as FactArea,
    source: header('source', isFactSource) as FactSource,
    key,
    version,
    epoch: Number(header('epoch', isFactSequence)),
    sequence: Number(header('sequence', isFactSequence)),
    time: header('time', (value) => /^[^tz]+Z$/.test(value) && isInstant(value)),
    correlationId: headers[factHeaders.correlationId] ?? null,
    causationId: headers[factHeaders.causationId] ?? null,
    body: bodyOf(data),
  };
}

/** The fact in a message; null when it is none. */
export function factIn(message: Message): Fact | null {
  try {
    return decodeFact(message);
  } catch (error) {
    if (error instanceof NotAFact) return null;
    throw error;
  }
}

/** `<area>.fact.<fact-name>.<key>` */
function partsOf(subject: string): readonly [string, string, string, string] {
  const parts = subject.split('.');
  const [area, fact, name, key] = parts;
  const areas: ReadonlySet<string> = new Set([...Object.values(factAreas), 'customers']);
  if (parts.length !== 4 || !area || !areas.has(area) || fact !== 'fact' || !name || !key) {
    throw new NotAFact('The subject is not that of a fact.');
  }
  if (!/^[a-z]+(-[a-z]+)*$/.test(name)) throw new NotAFact('The subject does not name a fact.');
  return [area, fact, name, key];
}

function bodyOf(data: Uint8Array): FactBodies[FactName] {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data));
  } catch (error) {
    throw new NotAFact('The body is not JSON.', { cause: error instanceof SyntaxError ? undefined : error });
  }
  if (!isRecord(body)) throw new NotAFact('The body is not a JSON object.');
  return body as FactBodies[FactName];
}
