import { factHeaders, factSources, factStream } from '../../contracts/facts.ts';
import { customerEventQueue, customerEventSubject, eventHeaders } from '../../contracts/customer-event-queue.ts';
import { dataschemaOf } from '../../contracts/cloud-events.ts';
import { supplierDeliveries } from '../../contracts/outside/supplier-deliveries.ts';
import type { Catalogue, CatalogueEvent, CatalogueFact, JsonSchema } from './catalogue.ts';

/**
 * The catalogue as an AsyncAPI 3 document. Streams and consumers, for which AsyncAPI has no words, are in
 * `x-jetstream`.
 */
export function asyncApiOf(catalogue: Catalogue, version: string): object {
  const { facts, events, delivery } = catalogue;
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'order-mediator',
      version,
      description:
        "The facts that the shop broadcasts, and the initiating events and the supplier's deliveries that it takes, on NATS JetStream. All are CloudEvents 1.0, in binary mode; see docs/facts.md, docs/producers.md and docs/restock.md.",
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      development: { host: '127.0.0.1:4222', protocol: 'nats', description: 'The NATS server of npm start.' },
    },
    channels: Object.fromEntries([...facts.map(factChannel), ...events.map(eventChannel), deliveryChannel]),
    operations: Object.fromEntries([...facts.map(tell), ...events.map(take), takeDelivery]),
    components: {
      messages: Object.fromEntries([
        ...facts.map(factMessage),
        ...events.map(eventMessage),
        inMessage({ name: delivered, version: 1, schema: delivery }, 'the purchase order'),
      ]),
    },
    'x-jetstream': streamsOf(catalogue),
  };
}

const factChannel = ({ name, area }: CatalogueFact) => [
  name,
  {
    address: `${area}.fact.${name}.{key}`,
    description: `The facts ${name}.`,
    parameters: { key: { description: `${keys[area]}; every byte that is no letter, digit, "-" or "_" is %XX` } },
    messages: { [name]: { $ref: `#/components/messages/${name}` } },
  },
];

/** The keys of the areas, for people. */
export const keys: Readonly<Record<string, string>> = {
  orders: 'the order id',
  stock: 'the ISBN',
  customers: 'the customer id',
  webhooks: 'the webhook’s id',
};

const eventChannel = ({ name }: CatalogueEvent) => [
  name,
  {
    address: customerEventSubject(name),
    description: `The initiating events ${name}.`,
    messages: { [name]: { $ref: `#/components/messages/${name}` } },
  },
];

const delivered = supplierDeliveries.eventName;

const deliveryChannel = [
  delivered,
  {
    address: `supplier.event.${delivered}.{purchaseOrder}`,
    description: "The supplier's deliveries.",
    parameters: { purchaseOrder: { description: 'the purchase order' } },
    messages: { [delivered]: { $ref: `#/components/messages/${delivered}` } },
  },
];

const operation = (verb: 'tell' | 'take', action: 'send' | 'receive', name: string, summary: string) => [
  `${verb}-${name}`,
  {
    action,
    summary,
    channel: { $ref: `#/channels/${name}` },
    messages: [{ $ref: `#/channels/${name}/messages/${name}` }],
  },
];

const tell = ({ name, when }: CatalogueFact) => operation('tell', 'send', name, when);

const take = ({ name, mediatorClass }: CatalogueEvent) =>
  operation('take', 'receive', name, `Handled by a mediator of the class ${mediatorClass}.`);

const takeDelivery = operation('take', 'receive', delivered, 'Booked once per delivery id by the replenishment.');

const textHeader = (description: string, more: object = {}): JsonSchema => ({ type: 'string', description, ...more });

const commonHeaders = (name: string, version: number) => ({
  [eventHeaders.specversion]: textHeader('the version of CloudEvents', { const: '1.0' }),
  [eventHeaders.type]: textHeader('the name, as in the subject', { const: name }),
  [eventHeaders.dataschema]: textHeader('name and version of the schema', { const: dataschemaOf(name, version) }),
  [eventHeaders.dataContentType]: textHeader('the type of the data', { const: 'application/json' }),
});

const factMessage = ({ name, area, version, when, by, schema, example, heardBy }: CatalogueFact) => [
  name,
  {
    name,
    title: name,
    summary: when,
    contentType: 'application/json',
    headers: {
      type: 'object',
      properties: {
        ...commonHeaders(name, version),
        [factHeaders.id]: textHeader('a UUID; also the message id', { format: 'uuid' }),
        [factHeaders.source]: textHeader('the shop, or a part of it with a database of its own', {
          enum: [...factSources],
        }),
        [factHeaders.subject]: textHeader(keys[area] ?? ''),
        [factHeaders.key]: textHeader(keys[area] ?? ''),
        [factHeaders.time]: textHeader('when it happened, UTC', { format: 'date-time' }),
        [factHeaders.epoch]: textHeader('1, 2, 3 …: rises when the shop was restored from a backup'),
        [factHeaders.sequence]: textHeader('1, 2, 3 … within key and epoch, without gaps'),
        [factHeaders.correlationId]: textHeader('the request that it belongs to; left out when it has none'),
        [factHeaders.causationId]: textHeader('the command or fact that caused it; left out when it is not known'),
      },
    },
    payload: schema,
    examples: [{ name: 'example', payload: example }],
    'x-told-by': by,
    'x-heard-by': heardBy,
  },
];

const eventMessage = (event: CatalogueEvent) => inMessage(event, 'the customer');

const inMessage = (
  { name, version, schema }: Pick<CatalogueFact, 'version' | 'schema'> & { readonly name: string },
  key: string,
) => [
  name,
  {
    name,
    title: name,
    contentType: 'application/json',
    headers: {
      type: 'object',
      required: [eventHeaders.specversion, eventHeaders.type, eventHeaders.id, eventHeaders.source],
      properties: {
        ...commonHeaders(name, version),
        [eventHeaders.id]: textHeader('with the source the identity of the event, for ever'),
        [eventHeaders.source]: textHeader('with the id the identity of the event, for ever'),
        [eventHeaders.time]: textHeader('when it happened', { format: 'date-time' }),
        [eventHeaders.key]: textHeader(key),
      },
    },
    payload: schema,
  },
];

const workQueue = ({ stream: name, subjects }: { readonly stream: string; readonly subjects: readonly string[] }) => ({
  name,
  subjects,
  retention: 'workqueue',
  discard: 'new',
});

const streamsOf = ({ listeners }: Catalogue) => ({
  streams: [
    {
      name: factStream.name,
      subjects: factStream.subjects,
      retention: 'limits',
      maxAge: `${factStream.maxAgeDays} days`,
    },
    workQueue(customerEventQueue),
    workQueue(supplierDeliveries),
  ],
  consumers: listeners.map(({ name, about, subjects, follows }) => ({
    stream: factStream.name,
    name,
    about,
    filterSubjects: subjects,
    follows,
  })),
});
