import { factStream, type Fact } from '../../contracts/facts.ts';
import type { Broker, Delivery } from '../nats/broker.ts';

/** Having been delivered so often, which takes a quarter of a minute, a fact has waited long enough for one that is still on its way. */
const waitedLongEnough = 9;

/**
 * Whether waiting for the facts before this one is in vain: this is the oldest the stream holds of the key, and the stream has let go of old messages
 * (a listener that starts years after the first order meets orders whose first facts are gone), or nothing older has come for a while (the stream was
 * made anew when those before had been published and not taken). The relay publishes a fact only when the stream has confirmed the one before.
 */
export async function areThoseBeforeGone(
  fact: Fact,
  delivery: Delivery,
  broker: Pick<Broker, 'held'>,
): Promise<boolean> {
  const held = await broker.held(factStream.name, `${fact.area}.fact.*.${fact.key}`);
  if (held?.earliest !== delivery.streamSequence) return false;
  return held.streamStartsAt > 1 || delivery.timesDelivered >= waitedLongEnough;
}
