import type { FactBodies } from '../../contracts/fact-bodies.ts';
import { factStream, subjectToken } from '../../contracts/facts.ts';
import type { OrderCreated } from '../../contracts/order-placement.ts';
import type { PlaceOrder } from '../../contracts/place-order.ts';
import { decodeFact } from '../../broker-bridge/facts/cloud-events.ts';
import type { Message, OutgoingMessage, StreamSettings } from '../../broker-bridge/nats/broker.ts';

/**
 * All that the processors of the broker topology tell each other, by name. Five are the product's own facts, from its
 * outbox.
 *
 * The other two are of the lab alone, because no fact may hold what they hold: a card token, an address, a mail
 * address. A mediator hands each of them to the one processor that needs it. Without a mediator whoever placed the
 * order does not know who needs what, so everything is broadcast, and lies in the stream for a day.
 */
export interface Bodies extends Pick<
  FactBodies,
  'order-created' | 'payment-applied' | 'inventory-updated' | 'order-fulfilled' | 'order-shipped'
> {
  /** The initiating event. Its key is the request id; all others have the order id. */
  readonly 'place-order': PlaceOrder;
  readonly 'order-placed': OrderPlaced;
}

export type MessageName = keyof Bodies;

/** The order as the customer asked for it, and as order placement has priced it. */
export interface OrderPlaced extends OrderCreated, Pick<PlaceOrder, 'customerId' | 'shipTo' | 'card'> {}

const ofTheLab: readonly MessageName[] = ['place-order', 'order-placed'];

/** The stream of the two messages of the lab. */
export const labStream: StreamSettings & { readonly keeps: 'broadcast' } = {
  name: 'LAB_ORDERS',
  subjects: ['lab.place-order.*', 'lab.order-placed.*'],
  keeps: 'broadcast',
  maxAgeDays: 1,
  duplicateWindowSeconds: 120,
};

/** The streams that bring these messages, each with its subjects. */
export const sourcesOf = (names: readonly MessageName[]) => [
  {
    stream: factStream.name,
    subjects: names.filter((name) => !ofTheLab.includes(name)).map((name) => `orders.fact.${name}.*`),
  },
  { stream: labStream.name, subjects: names.filter((name) => ofTheLab.includes(name)).map((name) => `lab.${name}.*`) },
];

/** A message of the lab. The same one twice has the same id. */
export const encodeLabMessage = <Name extends 'place-order' | 'order-placed'>(
  name: Name,
  key: string,
  body: Bodies[Name],
): OutgoingMessage => ({
  id: `${name}/${key}`,
  subject: `lab.${name}.${subjectToken(key)}`,
  headers: {},
  data: new TextEncoder().encode(JSON.stringify(body)),
});

/** A message as a processor hears it. */
export interface HeardMessage {
  readonly name: MessageName;
  readonly key: string;
  readonly body: object;
}

/** Reads a message of one of the two streams; throws when it is none. */
export function readMessage(message: Message): HeardMessage {
  const [area, name, key = ''] = message.subject.split('.');
  if (area === 'lab') {
    const body = JSON.parse(new TextDecoder().decode(message.data)) as object;
    return { name: name as MessageName, key: decodeURIComponent(key), body };
  }
  const fact = decodeFact(message);
  return { name: fact.name as MessageName, key: fact.key, body: fact.body };
}
