import {
  factAreas,
  factHeaders,
  factSource,
  factSubject,
  isFactId,
  isFactSequence,
  subjectToken,
  type Fact,
  type FactArea,
  type FactBodies,
  type FactName,
} from '../../contracts/facts.ts';
import type { Message, OutgoingMessage } from '../nats/broker.ts';

/** A fact as the outbox holds it: its body is JSON text, and its name may be one that only a newer version knows. */
export type WrittenFact = { readonly [Part in keyof Fact]: Part extends 'sequence' ? number : string };

/** CloudEvents 1.0 in binary mode: attributes in headers, the body as JSON. Throws when the key is no text. */
export function encodeFact(fact: WrittenFact): OutgoingMessage {
  const headers = {
    [factHeaders.id]: fact.id,
    [factHeaders.source]: factSource,
    [factHeaders.type]: fact.name,
    [factHeaders.subject]: fact.key,
    [factHeaders.key]: fact.key,
    [factHeaders.time]: fact.time,
    [factHeaders.sequence]: String(fact.sequence),
    [factHeaders.specversion]: '1.0',
    [factHeaders.traceparent]: fact.traceparent,
    'content-type': 'application/json',
  };
  return { id: fact.id, subject: factSubject(fact), headers, data: new TextEncoder().encode(fact.body) };
}

/** The message is no fact. The sentence says why, and quotes nothing of the body. */
export class NotAFact extends Error {
  override readonly name = 'NotAFact';
}

/**
 * Reads a fact from a message, or throws `NotAFact`. An unknown name passes when its form is right, so that a newer
 * producer does not stop an older listener.
 */
export function decodeFact({ subject, headers, data }: Message): Fact {
  const [area, , name, token] = partsOf(subject);
  const header = (of: keyof typeof factHeaders, holds: (value: string) => boolean): string => {
    const value = headers[factHeaders[of]] ?? '';
    if (!holds(value)) throw new NotAFact(`The header ${factHeaders[of]} is missing or malformed.`);
    return value;
  };
  header('specversion', (value) => value === '1.0');
  header('source', (value) => value === factSource);
  if (header('type', Boolean) !== name) throw new NotAFact('The header ce-type and the subject name different facts.');
  const key = header('subject', Boolean);
  if (subjectToken(key) !== token) throw new NotAFact('The header ce-subject and the subject name different keys.');
  return {
    id: header('id', isFactId),
    name: name as FactName,
    area: area as FactArea,
    key,
    sequence: Number(header('sequence', isFactSequence)),
    time: header('time', (value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value)),
    traceparent: header('traceparent', (value) => /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(value)),
    body: bodyOf(data),
  };
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
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new NotAFact('The body is not a JSON object.');
  }
  return body as FactBodies[FactName];
}
