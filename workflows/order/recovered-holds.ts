import type { HoldReason } from '../../contracts/mediators/holds.ts';
import type { OpenHold } from '../../contracts/mediators/order-records.ts';
import type { Order } from './order.ts';
import { recordResumed } from './records.ts';

/**
 * The hold an earlier workflow of this order was in at the same command (whatever its round), for the same reason: it keeps its beginning and
 * its deadline. Taken once.
 */
export function takeCarriedHold(order: Order, requestId: string, reason?: HoldReason): OpenHold | undefined {
  const { recovered } = order;
  const isThat = (hold: OpenHold) => placeOf(hold.holdId) === placeOf(requestId) && (!reason || hold.reason === reason);
  const found = recovered?.holds.find(isThat);
  if (recovered && found) order.recovered = { ...recovered, holds: recovered.holds.filter((hold) => hold !== found) };
  return found;
}

/** A command that an earlier workflow of this order was held at, and that is done or left out now: the mediator store is told. */
export async function endCarriedHolds(order: Order, requestId: string): Promise<void> {
  for (let hold = takeCarriedHold(order, requestId); hold; hold = takeCarriedHold(order, requestId)) {
    await recordResumed(order, hold, 'retry');
  }
}

/** A request id, or a hold's id, without its round. */
const placeOf = (id: string): string => (id.split('@')[0] ?? id).replace(/\/\d+$/, '');
