import { cloudEventHeaders } from './cloud-events.ts';

/**
 * The customer-event queue: a JetStream work queue. A message leaves it only when its row is written in PostgreSQL.
 */
export const customerEventQueue = {
  stream: 'CUSTOMER_EVENTS',
  subjects: ['customer.event.>'],
  /** The durable consumer. The intake that gets the claim makes it anew. */
  consumer: 'customer-event-queue',
  /**
   * The least that the server takes: what NATS drops as a repeat is acknowledged and never seen, also when it was
   * corrected meanwhile. PostgreSQL tells repeats, by source and id.
   */
  duplicateWindowSeconds: 0.1,
  /** The most bytes that the queue holds. When it is full, the producer is refused; nothing is thrown away. */
  maxBytes: 2 * 1024 * 1024 * 1024,
  maxMessages: 1_000_000,
} as const;

/** The subject an initiating event is sent on. */
export const customerEventSubject = (eventName: string): string => `customer.event.${eventName}`;

/** The event's name in a subject of the queue; undefined in any other subject. */
export const eventNameIn = (subject: string): string | undefined => /^customer\.event\.(.+)$/.exec(subject)?.[1];

/** The headers of a queued initiating event: those of CloudEvents, and ours of a resubmitted one. */
export const eventHeaders = {
  ...cloudEventHeaders,
  /** Says the same as `ce-datacontenttype`, for producers that are used to HTTP; counts only without it. */
  contentType: 'content-type',
  /** On a resubmitted event: the repair case it comes from. */
  caseId: 'repair-case',
  /** On a resubmitted event: the repairs that were made, as a JSON list of sentences. */
  history: 'repair-history',
} as const;

/** Sources of rows whose events did not come by the queue, or cannot be told apart. */
export const reservedSources: ReadonlySet<string> = new Set(['client', 'unreadable']);

/** An id or a source: short enough for a key of PostgreSQL and for a workflow's id; on one line, without spaces. */
export const isEventToken = (text: string): boolean => /^[\x21-\x7e]{1,200}$/.test(text);

/** True for a `ce-source` that a producer may have. */
export const isEventSource = (text: string): boolean => isEventToken(text) && !reservedSources.has(text);
