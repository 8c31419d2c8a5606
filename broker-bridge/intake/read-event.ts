import { idPatterns } from '../../contracts/ids.ts';
import { createHash } from 'node:crypto';
import { dataschemaOf, eventHeaders } from '../../contracts/customer-event-queue.ts';
import { classify, type Catalogue, type InitiatingEvent } from '../../contracts/initiating-events.ts';
import { largestRepairable, type CaseProblem, type CaseReason } from '../../contracts/mediators/repair.ts';
import { parseEvent, type EventSchemas, bodyHash } from '../../contracts/schemas/initiating-events.ts';
import { readEventJson, type ReadEventJson } from '../../contracts/schemas/read-json.ts';
import type { Message } from '../nats/broker.ts';
import { caseInHeader, customerInKey, readEnvelope, type Envelope } from './read-envelope.ts';
import type { MediatorClass, Policies, WorkflowStart } from '../../contracts/initiating-event.ts';

/** The initiating events there are, and what flows are started with. */
export interface EventRegistry {
  readonly catalogue: Catalogue;
  readonly schemas: EventSchemas;
  readonly policies: Policies;
}

/** What reading a queued message came to, in either case. */
interface Read {
  /** The event's identity; null when the headers have none. */
  readonly identity: { readonly source: string; readonly id: string } | null;
  readonly name: string;
  /** That of the catalogue; null for a name that nobody knows. */
  readonly mediatorClass: MediatorClass | null;
  /** Of the canonical body; of the bytes as they are, when the body is not JSON. */
  readonly bodyHash: string;
  readonly customerId: string | null;
  /** The case that it says it was resubmitted from. */
  readonly claimedCase: string | null;
}

/** An event that a mediator can be started with. */
export interface GoodEvent extends Read {
  readonly ok: true;
  readonly identity: NonNullable<Read['identity']>;
  readonly customerId: string;
  readonly kind: Pick<InitiatingEvent, 'mediatorClass' | 'workflowType' | 'channel' | 'waitsUntil'>;
  readonly start: WorkflowStart;
}

/** An event to be handed over, with the reason. */
export interface BadEvent extends Read {
  readonly ok: false;
  readonly reason: CaseReason;
  /** One sentence; never quotes the message. */
  readonly message: string;
  readonly problems: readonly CaseProblem[];
}

export type QueuedEvent = GoodEvent | BadEvent;

/** Why an event is bad. */
export type Fault = Pick<BadEvent, 'reason' | 'message' | 'problems'>;

/** Reads and classifies a queued message. Pure, and never throws for a message, whatever is in it. */
export function readEvent(message: Message, kinds: EventRegistry): QueuedEvent {
  const envelope = readEnvelope(message);
  const body = readEventJson(message.data);
  const kind = classify(envelope.name, kinds.catalogue);
  const read = { ...readOf(message, envelope, body), mediatorClass: kind?.mediatorClass ?? null };
  const bad = (fault: Fault): BadEvent => ({ ok: false, ...read, ...fault });
  if (message.data.byteLength > largestRepairable) return bad(tooLarge);
  if (!envelope.identity || envelope.problems.length > 0) return bad(badHeaders(envelope.problems));
  if (!kind) return bad(unknownEvent);
  if (!isOfThisVersion(message, envelope.name)) return bad(wrongVersion);
  if (!body.ok) return bad({ reason: body.reason, message: body.message, problems: [] });
  const parsed = parseEvent(envelope.name, body.value, kinds.schemas);
  if (!parsed.ok) return bad(badBody(parsed.problems));
  return good({ message, read: { ...read, identity: envelope.identity }, kind, body: parsed.body, kinds });
}

interface Checked {
  readonly message: Message;
  readonly read: Read & Pick<GoodEvent, 'identity'>;
  readonly kind: InitiatingEvent;
  readonly body: unknown;
  readonly kinds: EventRegistry;
}

function good({ message, read, kind, body, kinds: { policies } }: Checked): QueuedEvent {
  const customerId = kind.customerOf(body);
  const key = message.headers[eventHeaders.key];
  if (key !== undefined && key !== customerId) return { ok: false, ...read, ...otherCustomer };
  const hash = bodyHash(body);
  const origin = { via: 'queue', ...read.identity } as const;
  const start = kind.start({ name: read.name, body, bodyHash: hash, origin, policies }, kind.mediatorClass);
  return { ok: true, ...read, customerId, bodyHash: hash, kind, start };
}

function readOf(message: Message, envelope: Envelope, body: ReadEventJson): Omit<Read, 'mediatorClass'> {
  return {
    identity: envelope.identity,
    name: envelope.name,
    bodyHash: body.ok ? bodyHash(body.value) : createHash('sha256').update(message.data).digest('hex'),
    customerId: customerInKey(message) ?? (body.ok ? customerIn(body.value) : null),
    claimedCase: caseInHeader(message),
  };
}

/** So that a bad event without the header keeps its customer's order as well. */
function customerIn(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'customerId')) return null;
  const { customerId } = value as { readonly customerId: unknown };
  return typeof customerId === 'string' && idPatterns.customerId.test(customerId) ? customerId : null;
}

function isOfThisVersion({ headers }: Message, name: string): boolean {
  const given = headers[eventHeaders.dataschema];
  return given === undefined || given === dataschemaOf(name);
}

const tooLarge: Fault = {
  reason: 'too-large',
  message: 'The event is larger than 64 KiB, the most an event may be; it can only be discarded.',
  problems: [],
};

const badHeaders = (problems: readonly CaseProblem[]): Fault => ({
  reason: 'bad-headers',
  message: `The event's headers cannot be used: ${problems.map(({ field, message }) => `${field} ${message}`).join('; ')}.`,
  problems,
});

const otherCustomer = badHeaders([{ field: eventHeaders.key, message: 'is another customer than the event names' }]);

const unknownEvent: Fault = {
  reason: 'unknown-event',
  message: 'The shop knows no event of this name.',
  problems: [{ field: eventHeaders.type, message: 'is not an event this shop knows' }],
};

const wrongVersion: Fault = {
  reason: 'wrong-version',
  message: 'The event was written to another version of its schema.',
  problems: [{ field: eventHeaders.dataschema, message: `must be left out, or name version 1 of this event's schema` }],
};

const badBody = (problems: readonly CaseProblem[]): Fault => ({
  reason: 'bad-body',
  message: `The event does not fit its schema in ${problems.length === 1 ? 'one place' : `${problems.length} places`}.`,
  problems: problems.slice(0, 50),
});
