import { factStream, type Fact } from '../../contracts/facts.ts';
import type { Broker, Delivery } from '../broker.ts';

/**
 * Whether waiting for the facts before this one is in vain: the stream has let go of old messages, and this is the oldest it holds of the key. A listener
 * that starts years after the first order meets orders whose first facts are gone.
 */
export async function areThoseBeforeGone(
  fact: Fact,
  delivery: Delivery,
  broker: Pick<Broker, 'held'>,
): Promise<boolean> {
  const held = await broker.held(factStream.name, `${fact.area}.fact.*.${fact.key}`);
  return held !== null && held.streamStartsAt > 1 && held.earliest === delivery.streamSequence;
}
