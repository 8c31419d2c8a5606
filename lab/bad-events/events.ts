import { encodeEvent } from '../../broker-bridge/intake/encode-event.ts';
import type { OutgoingMessage } from '../../broker-bridge/nats/broker.ts';

/** An event of the lab. Each has a customer of its own, so that none waits for an earlier event. */
export interface LabEvent {
  readonly id: string;
  readonly isBad: boolean;
  readonly message: OutgoingMessage;
}

const labAddress = { name: 'Lab', street: '1 Bench Road', city: 'Berlin', postcode: '10115', country: 'DE' };

/** Ways to break it that a rule repairs, taken in turns. */
const broken: readonly ((customerId: string) => object)[] = [
  (customerId) => ({ customerId, address: { ...labAddress, country: 'Germany' } }),
  (customer) => ({ customer, shipTo: labAddress }),
  (customerId) => ({ customerId: ` ${customerId} `, address: { ...labAddress, country: 'de' } }),
];

/** Makes events one after the other; customers `lab-1`, `lab-2`, … must exist. */
export function eventMaker() {
  let made = 0;
  return (run: string, isBad: boolean): LabEvent => {
    made += 1;
    const customerId = `lab-${made}`;
    const id = `${run}-${isBad ? 'bad' : 'good'}-${made}`;
    const data = isBad ? broken[made % broken.length]?.(customerId) : { customerId, address: labAddress };
    const envelope = { id, source: 'urn:lab', type: 'address-changed', partitionkey: customerId };
    return { id, isBad, message: encodeEvent({ ...envelope, data }) };
  };
}
