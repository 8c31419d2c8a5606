import { customerEventQueue, customerEventSubject } from '../../contracts/customer-event-queue.ts';
import { factStream } from '../../contracts/facts.ts';
import { livePrices, priceStream } from '../../contracts/outside/prices.ts';
import { supplierDeliveries } from '../../contracts/outside/supplier-deliveries.ts';
import { listenerRetries } from '../../contracts/mediators/repair.ts';
import { advisories, advisoryConsumer } from './our-streams.ts';
import { getMessage, info, make, read, removeMessage } from './subjects.ts';

/** A user of a NATS server, with the subjects that it may publish and subscribe to. It may do nothing else. */
export interface NatsUser {
  readonly name: string;
  /** One sentence for people: what it may do. */
  readonly about: string;
  readonly publish: readonly string[];
  /** Exceptions from `publish`. */
  readonly neverPublish?: readonly string[];
  readonly subscribe: readonly string[];
  /** True for a user that may answer requests that reach it, on any reply subject. */
  readonly answers?: boolean;
}

/** Of a listener: its durable consumers have its name. */
export interface ListenerRights {
  readonly name: string;
  /** True when it sends initiating events. */
  readonly sends?: boolean;
  /** True when it publishes prices. */
  readonly sendsPrices?: boolean;
}

/** The user of a listener. */
export const listenerUser = (listener: string): string => `listener-${listener}`;

/** The answers to a user's requests come here, and no other user may listen there. */
export const inboxOf = (user: string): string => `_INBOX_${user}`;

const events = customerEventQueue.stream;
const facts = factStream.name;
const retries = listenerRetries.stream;
const prices = priceStream.name;
const deliveries = supplierDeliveries.stream;

type Rights = Omit<NatsUser, 'subscribe'> & { readonly subscribe?: readonly string[] };

const relay: Rights = {
  name: 'relay',
  about: 'publishes facts',
  publish: [...factStream.subjects, info(facts)],
};

const intake: Rights = {
  name: 'intake',
  about:
    'makes, reads and acknowledges its consumer of the queue and that of the advisories; removes what JetStream gave up',
  publish: [
    ...read(events, customerEventQueue.consumer),
    ...make(events, customerEventQueue.consumer),
    ...read(advisories.name, advisoryConsumer),
    ...make(advisories.name, advisoryConsumer),
    info(facts),
    info(retries),
    ...[events, facts, retries, advisories.name].map(getMessage),
    ...[events, retries].map(removeMessage),
  ],
};

const listener = ({ name, sends = false, sendsPrices = false }: ListenerRights): Rights => ({
  name: listenerUser(name),
  about: [
    'reads and acknowledges its own consumers',
    ...(sends ? ['sends initiating events'] : []),
    ...(sendsPrices ? ['publishes prices'] : []),
  ].join(', and '),
  publish: [
    ...read(facts, name),
    getMessage(facts),
    ...read(retries, name),
    ...(sends ? [...customerEventQueue.subjects, info(events)] : []),
    ...(sendsPrices ? [...priceStream.subjects, info(prices), getMessage(prices)] : []),
  ],
});

const workflowProcessor: Rights = {
  name: 'workflow-processor',
  about: 'resubmits to the queue, to listeners and to the deliveries, and takes a message of its own back',
  publish: [
    ...customerEventQueue.subjects,
    ...listenerRetries.subjects,
    ...supplierDeliveries.subjects,
    ...[events, retries, deliveries].flatMap((stream) => [info(stream), getMessage(stream), removeMessage(stream)]),
  ],
};

const takesDeliveries: Rights = {
  name: 'deliveries',
  about: 'reads and acknowledges the deliveries of the supplier',
  publish: [...read(deliveries, supplierDeliveries.consumer), getMessage(deliveries)],
};

const supplier: Rights = {
  name: 'supplier',
  about: 'publishes its deliveries',
  publish: [...supplierDeliveries.subjects],
};

const producer: Rights = {
  name: 'producer',
  about: 'publishes initiating events',
  publish: [...customerEventQueue.subjects],
};

/** The shop's mail server, or what stands between us and it. */
const mailServer: Rights = {
  name: 'mail-server',
  about: 'tells of mails that came back',
  publish: [customerEventSubject('mail-bounced')],
};

/**
 * A listener of another team, `client -- listen` and `client -- prices`: its consumers last as long as it listens,
 * under names of chance. The name has to be in the subject: with the bare `CONSUMER.CREATE.FACTS` a consumer of any
 * name could be changed.
 */
const outsideListener = (listeners: readonly ListenerRights[]): Rights => ({
  name: 'outside-listener',
  about: 'reads facts by consumers that end with it, and never those of the listeners; reads and hears prices',
  publish: [
    info(facts),
    getMessage(facts),
    info(prices),
    getMessage(prices),
    ...['CREATE', 'INFO', 'DELETE', 'MSG.NEXT'].map((verb) => `$JS.API.CONSUMER.${verb}.${facts}.*`),
    `$JS.API.CONSUMER.CREATE.${facts}.*.>`,
  ],
  neverPublish: listeners.flatMap(({ name }) => [
    ...['CREATE', 'INFO', 'DELETE', 'MSG.NEXT'].map((verb) => `$JS.API.CONSUMER.${verb}.${facts}.${name}`),
    `$JS.API.CONSUMER.CREATE.${facts}.${name}.>`,
  ]),
  subscribe: [livePrices('*')],
});

const desk: Rights = {
  name: 'desk',
  about: 'reads the state of streams and consumers, and the age of what waits',
  publish: [events, deliveries, facts, retries].flatMap((one) => [
    info(one),
    getMessage(one),
    `$JS.API.CONSUMER.INFO.${one}.*`,
  ]),
};

const ask: Rights = {
  name: 'ask',
  about: 'answers questions',
  publish: [],
  subscribe: ['orders.ask.*', '$SRV.>'],
  answers: true,
};

const asker: Rights = { name: 'asker', about: 'asks questions', publish: ['orders.ask.*', '$SRV.>'] };

const administrator: Rights = {
  name: 'administrator',
  about:
    'makes, changes, empties and deletes streams and consumers, pauses and resets them; only set-up, `restore-check` and `client -- listeners` connect as it, and the desk while a person steers a listener',
  publish: ['$JS.API.>'],
  subscribe: ['$JS.EVENT.>'],
};

/**
 * The users of a server, one for each kind of process and each listener. A user reads what comes to its own inbox, and,
 * but for questions, live prices and the administrator's events, nothing by a subscription of its own.
 */
export const natsUsers = (listeners: readonly ListenerRights[]): readonly NatsUser[] =>
  [
    relay,
    intake,
    ...listeners.map(listener),
    workflowProcessor,
    takesDeliveries,
    supplier,
    producer,
    mailServer,
    outsideListener(listeners),
    desk,
    ask,
    asker,
    administrator,
  ].map((user) => ({ ...user, subscribe: [...(user.subscribe ?? []), `${inboxOf(user.name)}.>`] }));
