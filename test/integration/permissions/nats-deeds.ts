import type { ListenerRights } from '../../../broker-bridge/nats/users.ts';

/** Listeners of a shop: one hears only, one also sends events, and one also publishes prices. */
export const listeners: readonly ListenerRights[] = [
  { name: 'hears' },
  { name: 'sends', sends: true },
  { name: 'prices', sendsPrices: true },
];

/** Something that can be done at a NATS server, and the users that may. Every other user is refused. */
export interface Deed {
  readonly about: string;
  readonly subjects: readonly string[];
  readonly by: readonly string[];
}

const acknowledgements = (stream: string, consumer: string) => [
  `$JS.ACK.${stream}.${consumer}.1.1.1.1.0`,
  `$JS.ACK._.account.${stream}.${consumer}.1.1.1.1.0.token`,
  `$JS.ACK.domain.account.${stream}.${consumer}.1.1.1.1.0`,
];

const api = (stream: string, ...verbs: readonly string[]) => verbs.map((verb) => `$JS.API.${verb}.${stream}`);

const streams = [
  'FACTS',
  'CUSTOMER_EVENTS',
  'LISTENER_RETRIES',
  'ADVISORIES',
  'PRICES',
  'SUPPLIER_DELIVERIES',
] as const;

/** What changes a stream, or more than one message of it. */
const streamChanges = ['STREAM.CREATE', 'STREAM.UPDATE', 'STREAM.DELETE', 'STREAM.PURGE', 'STREAM.SNAPSHOT'];

/** A consumer of someone else could be moved, emptied or stopped by these. */
const consumerChanges = (stream: string, consumer: string) =>
  ['CONSUMER.PAUSE', 'CONSUMER.RESET', 'CONSUMER.UNPIN', 'CONSUMER.LEADER.STEPDOWN'].map(
    (verb) => `$JS.API.${verb}.${stream}.${consumer}`,
  );

const making = (stream: string, consumer: string) => [
  `$JS.API.CONSUMER.CREATE.${stream}.${consumer}`,
  `$JS.API.CONSUMER.DELETE.${stream}.${consumer}`,
];

/** Everything that publishing to a subject can bring about. */
export const deeds: readonly Deed[] = [
  {
    about: 'publish a fact',
    subjects: ['orders.fact.order-created.1', 'stock.fact.stock-ordered.1', 'customers.fact.customer-emailed.1'],
    by: ['relay'],
  },
  {
    about: 'publish an initiating event',
    subjects: ['customer.event.place-order'],
    by: ['producer', 'listener-sends', 'workflow-processor'],
  },
  {
    about: 'tell of a mail that came back',
    subjects: ['customer.event.mail-bounced'],
    by: ['mail-server', 'producer', 'listener-sends', 'workflow-processor'],
  },
  {
    about: 'send a repaired fact to a listener',
    subjects: ['listener.hears.retry', 'listener.sends.retry'],
    by: ['workflow-processor'],
  },
  {
    about: 'publish a delivery of the supplier',
    subjects: ['supplier.event.stock-delivered.po-1'],
    by: ['supplier', 'workflow-processor'],
  },
  { about: 'publish a price', subjects: ['last-prices.9780134685991'], by: ['listener-prices'] },
  {
    about: 'read any price that is kept',
    subjects: ['$JS.API.STREAM.MSG.GET.PRICES'],
    by: ['listener-prices', 'outside-listener', 'administrator'],
  },
  { about: 'ask a question', subjects: ['orders.ask.order'], by: ['asker'] },
  {
    about: 'publish anything else',
    subjects: ['somewhere', 'prices.9780134685991', 'orders.other', '_INBOX_relay.x', '$SYS.REQ.USER.INFO'],
    by: [],
  },
  {
    about: 'make, change, empty or delete a stream',
    subjects: streams.flatMap((stream) => api(stream, ...streamChanges)),
    by: ['administrator'],
  },
  {
    about: 'pause, reset or change a consumer',
    subjects: [
      ...consumerChanges('FACTS', 'hears'),
      ...consumerChanges('CUSTOMER_EVENTS', 'customer-event-queue'),
      ...consumerChanges('LISTENER_RETRIES', 'hears'),
      ...consumerChanges('SUPPLIER_DELIVERIES', 'deliveries'),
    ],
    by: ['administrator'],
  },
  {
    about: 'make a consumer without its name in the subject, or change one by its name in the request',
    subjects: streams.map((stream) => `$JS.API.CONSUMER.CREATE.${stream}`),
    by: ['administrator'],
  },
  {
    about: 'make a durable consumer of the queue or of the advisories by the older request',
    subjects: [
      '$JS.API.CONSUMER.DURABLE.CREATE.CUSTOMER_EVENTS.customer-event-queue',
      '$JS.API.CONSUMER.DURABLE.CREATE.ADVISORIES.advisories',
    ],
    by: ['intake', 'administrator'],
  },
  {
    about: "make or change a listener's consumer by the older request",
    subjects: ['FACTS', 'LISTENER_RETRIES'].map((stream) => `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.hears`),
    by: ['administrator'],
  },
  {
    about: 'make or delete the consumer of the queue, or that of the advisories',
    subjects: [...making('CUSTOMER_EVENTS', 'customer-event-queue'), ...making('ADVISORIES', 'advisories')],
    by: ['intake', 'administrator'],
  },
  {
    about: 'make or delete another consumer of the queue',
    subjects: making('CUSTOMER_EVENTS', 'spy'),
    by: ['administrator'],
  },
  {
    about: "make or delete a listener's consumer",
    subjects: [...making('FACTS', 'hears'), ...making('FACTS', 'sends'), ...making('LISTENER_RETRIES', 'hears')],
    by: ['administrator'],
  },
  {
    about: 'make or delete a consumer of facts of its own',
    subjects: making('FACTS', 'by-chance'),
    by: ['outside-listener', 'administrator'],
  },
  {
    about: 'take a message of the queue',
    subjects: ['$JS.API.CONSUMER.MSG.NEXT.CUSTOMER_EVENTS.customer-event-queue'],
    by: ['intake', 'administrator'],
  },
  {
    about: 'acknowledge a message of the queue',
    subjects: acknowledgements('CUSTOMER_EVENTS', 'customer-event-queue'),
    by: ['intake'],
  },
  {
    about: 'take a delivery',
    subjects: ['$JS.API.CONSUMER.MSG.NEXT.SUPPLIER_DELIVERIES.deliveries'],
    by: ['deliveries', 'administrator'],
  },
  {
    about: 'acknowledge a delivery',
    subjects: acknowledgements('SUPPLIER_DELIVERIES', 'deliveries'),
    by: ['deliveries'],
  },
  {
    about: 'make or delete the consumer of the deliveries',
    subjects: making('SUPPLIER_DELIVERIES', 'deliveries'),
    by: ['administrator'],
  },
  {
    about: 'read any delivery',
    subjects: ['$JS.API.STREAM.MSG.GET.SUPPLIER_DELIVERIES'],
    by: ['deliveries', 'workflow-processor', 'desk', 'administrator'],
  },
  {
    about: 'remove a delivery',
    subjects: ['$JS.API.STREAM.MSG.DELETE.SUPPLIER_DELIVERIES'],
    by: ['workflow-processor', 'administrator'],
  },
  { about: "acknowledge a listener's fact", subjects: acknowledgements('FACTS', 'hears'), by: ['listener-hears'] },
  {
    about: "acknowledge another listener's repaired fact",
    subjects: acknowledgements('LISTENER_RETRIES', 'sends'),
    by: ['listener-sends'],
  },
  {
    about: "take a listener's facts",
    subjects: ['$JS.API.CONSUMER.MSG.NEXT.FACTS.hears', '$JS.API.CONSUMER.MSG.NEXT.LISTENER_RETRIES.hears'],
    by: ['listener-hears', 'administrator'],
  },
  {
    about: 'take a message of the queue by what looks like an acknowledgement of a fact',
    subjects: [
      '$JS.ACK.CUSTOMER_EVENTS.customer-event-queue.FACTS.hears.1.1.0',
      '$JS.ACK.CUSTOMER_EVENTS.customer-event-queue.FACTS.sends.1.1.0',
    ],
    by: ['intake'],
  },
  {
    about: "take another listener's fact by what looks like an acknowledgement of a repaired one",
    subjects: ['$JS.ACK.FACTS.sends.LISTENER_RETRIES.hears.1.1.0'],
    by: ['listener-sends'],
  },
  {
    about: 'read any message of the queue',
    subjects: ['$JS.API.STREAM.MSG.GET.CUSTOMER_EVENTS'],
    by: ['intake', 'workflow-processor', 'desk', 'administrator'],
  },
  {
    about: 'remove a message of the queue, or a repaired fact',
    subjects: ['$JS.API.STREAM.MSG.DELETE.CUSTOMER_EVENTS', '$JS.API.STREAM.MSG.DELETE.LISTENER_RETRIES'],
    by: ['intake', 'workflow-processor', 'administrator'],
  },
  {
    about: 'remove a fact, or a price',
    subjects: ['$JS.API.STREAM.MSG.DELETE.FACTS', '$JS.API.STREAM.MSG.DELETE.PRICES'],
    by: ['administrator'],
  },
  {
    about: 'read a message by the short way',
    subjects: streams.flatMap((stream) => [`$JS.API.DIRECT.GET.${stream}`, `$JS.API.DIRECT.GET.${stream}.x.y`]),
    by: ['administrator'],
  },
  {
    about: 'see which streams and consumers there are',
    subjects: [
      '$JS.API.STREAM.NAMES',
      '$JS.API.STREAM.LIST',
      '$JS.API.CONSUMER.NAMES.FACTS',
      '$JS.API.CONSUMER.LIST.FACTS',
    ],
    by: ['administrator'],
  },
];

/** Subjects that a user could listen in on, and the users that may. */
export const eavesdropping: readonly Deed[] = [
  { about: 'hear facts without a consumer', subjects: ['orders.fact.>', '*.fact.>'], by: [] },
  { about: 'hear prices as they are told', subjects: ['prices.*', 'prices.9780134685991'], by: ['outside-listener'] },
  { about: 'hear prices that the stream may refuse', subjects: ['last-prices.*', 'last-prices.>'], by: [] },
  { about: 'hear initiating events as they are published', subjects: ['customer.event.>'], by: [] },
  { about: 'hear deliveries as they are published', subjects: ['supplier.event.>'], by: [] },
  { about: 'hear everything', subjects: ['>', '_INBOX.>', '_INBOX_relay', '*.*.*'], by: [] },
  { about: "hear a listener's repaired facts", subjects: ['listener.hears.retry', 'listener.>'], by: [] },
  { about: 'hear the requests to JetStream', subjects: ['$JS.API.>', '$JS.ACK.>'], by: [] },
  { about: 'hear advisories', subjects: ['$JS.EVENT.ADVISORY.>'], by: ['administrator'] },
  { about: 'hear questions', subjects: ['orders.ask.*', 'orders.ask.order'], by: ['ask'] },
];
