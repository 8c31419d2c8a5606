import { customerWorkflowId, idPatterns } from '../../contracts/ids.ts';
import { createHash } from 'node:crypto';
import { dataschemaOf } from '../../contracts/cloud-events.ts';
import { eventHeaders } from '../../contracts/customer-event-queue.ts';
import { classify, type Catalogue, type InitiatingEvent } from '../../contracts/initiating-events.ts';
import { largestRepairable, type CaseProblem, type EventFault } from '../../contracts/mediators/repair.ts';
import { parseEvent, type EventSchemas, bodyHash } from '../../contracts/schemas/initiating-events.ts';
import { readEventJson, type ReadEventJson } from '../../contracts/schemas/read-json.ts';
import { problemOfMode } from '../cloud-events/content-mode.ts';
import type { Message } from '../nats/broker.ts';
import { caseInHeader, customerInKey, readAttributes, type EventAttributes } from './read-attributes.ts';
import type { CheckedEvent, MediatorClass, Policies, WorkflowStart } from '../../contracts/initiating-event.ts';

/** The shop's initiating events, their schemas, and the policies that workflows are started with. */
export interface EventRegistry {
  readonly catalogue: Catalogue;
  readonly schemas: EventSchemas;
  readonly policies: Policies;
}

/** The part of an event that is read from any message, good or bad. */
interface Read {
  /** The event's identity; null when the headers have none. */
  readonly identity: { readonly source: string; readonly id: string } | null;
  readonly name: string;
  /** Null for a name that is not in the catalogue. */
  readonly mediatorClass: MediatorClass | null;
  /** The hash of the canonical body, or of the bytes when the body is not JSON. */
  readonly bodyHash: string;
  readonly customerId: string | null;
  /** The case that it claims to be resubmitted from. */
  readonly claimedCase: string | null;
}

/** A mediator can handle this event. */
export interface GoodEvent extends Read {
  readonly ok: true;
  readonly identity: NonNullable<Read['identity']>;
  readonly customerId: string;
  readonly kind: Pick<InitiatingEvent, 'mediatorClass' | 'workflowType' | 'channel' | 'waitsUntil'>;
  readonly checked: CheckedEvent;
  /** The start of the workflow that it is delegated to; null when its customer's mediator handles it. */
  readonly start: WorkflowStart | null;
  /** That workflow, or the customer mediator. */
  readonly workflowId: string;
}

/** The event becomes a dead letter for this reason. */
export interface BadEvent extends Read, EventFault {
  readonly ok: false;
}

export type ReadEvent = GoodEvent | BadEvent;

/** Reads and classifies a message. A pure function, which throws for no message. */
export function readEvent(message: Message, registry: EventRegistry): ReadEvent {
  const attributes = readAttributes(message);
  const body = readEventJson(message.data);
  const kind = classify(attributes.name, registry.catalogue);
  const read = { ...readOf(message, attributes, body), mediatorClass: kind?.mediatorClass ?? null };
  const bad = (fault: EventFault): BadEvent => ({ ok: false, ...read, ...fault });
  if (message.data.byteLength > largestRepairable) return bad(tooLarge);
  const mode = problemOfMode(message);
  if (mode) return bad(badHeaders([{ field: eventHeaders.contentType, message: mode }]));
  if (!attributes.identity || attributes.problems.length > 0) return bad(badHeaders(attributes.problems));
  if (!kind) return bad(unknownEvent);
  if (!isOfThisVersion(message, attributes.name)) return bad(wrongSchema(message, attributes.name));
  if (!body.ok) return bad({ reason: body.reason, message: body.message, problems: [] });
  const parsed = parseEvent(attributes.name, body.value, registry.schemas);
  if (!parsed.ok) return bad(badBody(parsed.problems));
  return good({ message, read: { ...read, identity: attributes.identity }, kind, body: parsed.body, registry });
}

interface Checked {
  readonly message: Message;
  readonly read: Read & Pick<GoodEvent, 'identity'>;
  readonly kind: InitiatingEvent;
  readonly body: unknown;
  readonly registry: EventRegistry;
}

function good({ message, read, kind, body, registry: { policies } }: Checked): ReadEvent {
  const customerId = kind.customerOf(body);
  const key = message.headers[eventHeaders.key];
  if (key !== undefined && key !== customerId) return { ok: false, ...read, ...otherCustomer };
  const hash = bodyHash(body);
  const origin = { via: 'queue', ...read.identity } as const;
  const happenedAt = message.headers[eventHeaders.time];
  const checked = { name: read.name, body, bodyHash: hash, origin, happenedAt, policies };
  const start = kind.start?.(checked, kind.mediatorClass) ?? null;
  const workflowId = start?.workflowId ?? customerWorkflowId(customerId);
  return { ok: true, ...read, customerId, bodyHash: hash, kind, checked, start, workflowId };
}

function readOf(message: Message, attributes: EventAttributes, body: ReadEventJson): Omit<Read, 'mediatorClass'> {
  return {
    identity: attributes.identity,
    name: attributes.name,
    bodyHash: body.ok ? bodyHash(body.value) : createHash('sha256').update(message.data).digest('hex'),
    customerId: customerInKey(message) ?? (body.ok ? customerIn(body.value) : null),
    claimedCase: caseInHeader(message),
  };
}

/** A bad event without the header keeps its customer's order by this id. */
function customerIn(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'customerId')) return null;
  const { customerId } = value as { readonly customerId: unknown };
  return typeof customerId === 'string' && idPatterns.customerId.test(customerId) ? customerId : null;
}

function isOfThisVersion({ headers }: Message, name: string): boolean {
  const given = headers[eventHeaders.dataschema];
  return given === undefined || given === dataschemaOf(name);
}

const tooLarge: EventFault = {
  reason: 'too-large',
  message: 'The event is larger than 64 KiB, the most an event may be.',
  problems: [],
};

const badHeaders = (problems: readonly CaseProblem[]): EventFault => ({
  reason: 'bad-headers',
  message: `The event's headers cannot be used: ${problems.map(({ field, message }) => `${field} ${message}`).join('; ')}.`,
  problems,
});

const otherCustomer = badHeaders([{ field: eventHeaders.key, message: 'is another customer than the event names' }]);

const unknownEvent: EventFault = {
  reason: 'unknown-event',
  message: 'The shop knows no event of this name.',
  problems: [{ field: eventHeaders.type, message: 'is not an event this shop knows' }],
};

function wrongSchema({ headers }: Message, name: string): EventFault {
  const isOwn = headers[eventHeaders.dataschema]?.startsWith(dataschemaOf(name).replace(/\d+$/, ''));
  return {
    reason: 'wrong-version',
    message: isOwn
      ? 'The event was written to another version of its schema.'
      : 'The event names a schema that is not its own.',
    problems: [
      { field: eventHeaders.dataschema, message: `must be left out, or name version 1 of this event's schema` },
    ],
  };
}

const badBody = (problems: readonly CaseProblem[]): EventFault => ({
  reason: 'bad-body',
  message: `The event does not fit its schema in ${problems.length === 1 ? 'one place' : `${problems.length} places`}.`,
  problems: problems.slice(0, 50),
});
