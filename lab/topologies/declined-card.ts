import { setTimeout as sleep } from 'node:timers/promises';
import { labOrder } from '../lab-order.ts';
import type { Side } from './sides.ts';
import { heard } from './told.ts';
import {
  act,
  doneSoFar,
  finishedAfter,
  isMediated,
  mediatorNotices,
  nothing,
  patienceMs,
  watchMs,
  type Outcome,
  type Trouble,
} from './trouble.ts';

/** The issuer says no. The customer has another card, once he is asked for it. */
export const declinedCard: Trouble = {
  name: 'a declined card',
  rule: `Noticed: the fact order-held, from payment-denied on; watched for ${watchMs / 1000} s where there is none. Finished: from the customer's other card on.`,
  async run(side) {
    const orderId = await side.place({ ...labOrder(), card: 'card_denied' });
    const denied = await heard(side, orderId, 'payment-denied', patienceMs);
    if (!denied) throw new Error(`The card of ${orderId} was not declined in time.`);
    return isMediated(side) ? paidAnew(side, orderId, denied.at) : abandoned(side, orderId);
  },
};

async function paidAnew(side: Side, orderId: string, deniedAt: number): Promise<Outcome> {
  const held = await heard(side, orderId, 'order-held', patienceMs);
  const paidAt = Date.now();
  await act(side, orderId, 'pay', { card: 'card_ok', actor: null });
  return {
    finished: 'the order, with the other card',
    finishedMs: await finishedAfter(side, [orderId], paidAt),
    hung: nothing,
    noticedBy: mediatorNotices,
    noticedMs: held ? held.at - deniedAt : null,
  };
}

/** The refusal was told as a fact, which no processor hears. */
async function abandoned(side: Side, orderId: string): Promise<Outcome> {
  await sleep(watchMs);
  const hung = await doneSoFar(side, orderId);
  return { finished: nothing, finishedMs: null, hung, noticedBy: 'nobody', noticedMs: null };
}
