import { setTimeout as sleep } from 'node:timers/promises';
import { loadOrderPolicy } from '../../config/order-policy.ts';
import { labOrder } from '../lab-order.ts';
import type { Side } from './sides.ts';
import { heard } from './told.ts';
import { act, doneSoFar, finishedAfter, isMediated, mediatorNotices, type Outcome, type Trouble } from './trouble.ts';
import { whereIs, type Whereabouts } from './where.ts';

/** Payment is dead for so long; the mediator is to wait so long for it before it holds the order. */
export const times = { deadMs: 60_000, holdAfter: '5 seconds' } as const;

const shops = loadOrderPolicy({});
const impatient = { ...shops, retryFor: { ...shops.retryFor, 'apply-payment': times.holdAfter } } as const;

/** The answers to "where is my order?" while payment was dead, by side. */
export const whereabouts = new Map<Side['name'], Whereabouts[]>();

/** The processor is killed, and comes back after a while. A person retries what is held then. */
export const deadPayment: Trouble = {
  name: `a payment processor that is dead for ${times.deadMs / 1000} s`,
  rule: `Two orders, placed just after the kill. Noticed: the fact order-held, from the placing on; the mediator holds one of the two after ${times.holdAfter} (the shop's own policy says ${shops.retryFor['apply-payment']}), the other waits. Finished: both, from the processor's return on.`,
  async run(side) {
    await side.crew.kill(['payment']);
    const killedAt = Date.now();
    const [held, patient] = [await side.place(labOrder(), impatient), await side.place(labOrder())];
    const placedAt = Date.now();
    const noticed = await heard(side, held, 'order-held', times.deadMs - (placedAt - killedAt) - 2_000);
    const answers = whereabouts.get(side.name) ?? [];
    whereabouts.set(side.name, [...answers, await whereIs(side, held)]);
    await sleep(Math.max(0, killedAt + times.deadMs - Date.now()));
    const hung = `${await doneSoFar(side, held)}, while it was dead`;
    return back(side, [held, patient], { hung, noticedMs: noticed ? noticed.at - placedAt : null });
  },
};

async function back(
  side: Side,
  orderIds: readonly [held: string, patient: string],
  sofar: Pick<Outcome, 'hung' | 'noticedMs'>,
): Promise<Outcome> {
  await side.crew.start(['payment']);
  const since = Date.now();
  if (isMediated(side) && sofar.noticedMs !== null) await act(side, orderIds[0], 'retry', { actor: 'operator' });
  return {
    ...sofar,
    finished: isMediated(side) ? 'both: the patient one by itself, the held one by a retry' : 'both, by themselves',
    finishedMs: await finishedAfter(side, orderIds, since),
    noticedBy: sofar.noticedMs === null ? 'nobody' : mediatorNotices,
  };
}
