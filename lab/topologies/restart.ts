import { labOrder } from '../lab-order.ts';
import { lastMail, told } from './told.ts';
import { finishedAfter, nothing, type Trouble } from './trouble.ts';

const orders = 20;

/** All our processes, Temporal and NATS are killed with orders under way, and started again. */
export const restart: Trouble = {
  name: 'a restart of everything but PostgreSQL',
  rule: `SIGKILL to all our processes, Temporal and NATS as soon as ${orders} orders are accepted; started again at once. Finished: all of them, from the instant at which everything was up again.`,
  async run(side) {
    const { servers } = side.shop;
    const orderIds = await Promise.all(Array.from({ length: orders }, () => side.place(labOrder())));
    await Promise.all([side.crew.kill(), servers.nats?.kill(), servers.temporalServer?.kill()]);
    const before = (await Promise.all(orderIds.map((orderId) => told(side, orderId)))).filter((facts) =>
      facts.some(({ name }) => name === lastMail),
    ).length;
    await Promise.all([servers.nats?.start(), servers.temporalServer?.start()]);
    await side.crew.start();
    const finishedMs = await finishedAfter(side, orderIds, Date.now());
    return {
      finished: `${finishedMs === null ? 'not all' : 'all'} of ${orders}, ${before} of them before the kill`,
      finishedMs: finishedMs === null ? null : Math.max(0, finishedMs),
      hung: finishedMs === null ? 'the others' : nothing,
      noticedBy: 'needs nobody',
      noticedMs: null,
    };
  },
};
