import type { OpenHold } from '../../contracts/mediators/order-records.ts';
import type { Release } from './holds.ts';
import type { Order } from './order.ts';

/**
 * Lets a held command go on. The round is raised here, so that whoever writes the release down writes the round as well: a command that failed is
 * asked again as it was, because nobody knows whether it happened; one that was refused, or whose content has changed, is asked anew.
 */
export function resume({ holds, rounds }: Order, hold: OpenHold, release: Release): void {
  if (holds.releaseOf(hold)) return;
  if (release.how === 'anew' || (release.how === 'again' && hold.reason !== 'fault')) rounds.raise(hold.command);
  holds.release(hold, release);
}
