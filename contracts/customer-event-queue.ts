/**
 * The customer-event queue: a JetStream work queue. A message is taken off only when its flow is durably started, when it was handed over as
 * erroneous, or when it stands deferred in PostgreSQL.
 */
export const customerEventQueue = {
  stream: 'CUSTOMER_EVENTS',
  subjects: ['customer.event.>'],
  /** The durable consumer that every intake shares. */
  consumer: 'customer-event-queue',
  duplicateWindowSeconds: 120,
  /** The most the queue holds; when it is full the producer is told, nothing is thrown away. */
  maxBytes: 2 * 1024 * 1024 * 1024,
  maxMessages: 1_000_000,
} as const;

export const customerEventSubject = (eventName: string): string => `customer.event.${eventName}`;

/** The name in such a subject; undefined when it is none. */
export const eventNameIn = (subject: string): string | undefined => /^customer\.event\.(.+)$/.exec(subject)?.[1];

/** CloudEvents 1.0 in binary mode: the headers of a queued initiating event. */
export const eventHeaders = {
  id: 'ce-id',
  source: 'ce-source',
  /** The event's name, as the subject has it. */
  type: 'ce-type',
  time: 'ce-time',
  specversion: 'ce-specversion',
  /** The customer (CloudEvents' partitioning extension): events of one customer keep their order. Readable when the body is not. */
  key: 'ce-partitionkey',
  /** `urn:order-mediator:<event name>:<version>`; version 1 when it is left out. */
  dataschema: 'ce-dataschema',
  contentType: 'content-type',
  /** On a resubmitted event: the repair case it comes from. */
  caseId: 'repair-case',
  /** On a resubmitted event: what was done to it, as a JSON list of sentences. */
  history: 'repair-history',
} as const;

/** The version every schema is at now. */
const schemaVersion = 1;

export const dataschemaOf = (eventName: string, version: number = schemaVersion): string =>
  `urn:order-mediator:${eventName}:${version}`;
