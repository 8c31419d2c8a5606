import { until } from '../../test/support/until.ts';
import { labOrder } from '../lab-order.ts';
import { heard } from './told.ts';
import { finishedAfter, isMediated, nothing, patienceMs, type Trouble } from './trouble.ts';

/** The command, or the message, is taken and never answered: its processor dies in the middle of a charge. */
export const killedAtWork: Trouble = {
  name: 'a command or message lost with its processor, in the middle of a charge',
  rule: 'The processor is killed when its intent is written, and started again at once. Noticed: the charge is done by another attempt. Both from the kill on.',
  async run(side) {
    const orderId = await side.place({ ...labOrder(), card: 'card_slow' });
    const intent = `SELECT FROM payment.charge WHERE order_id = $1`;
    await until(async () => (await side.shop.sql.query(intent, [orderId])).rowCount, { within: patienceMs });
    await side.crew.kill(['payment']);
    const killedAt = Date.now();
    await side.crew.start(['payment']);
    const applied = await heard(side, orderId, 'payment-applied', patienceMs);
    const finishedMs = await finishedAfter(side, [orderId], killedAt);
    const charges = side.shop.servers.cardGateway?.charges(orderId).length ?? 0;
    return {
      finished: `the order, charged ${charges === 1 ? 'once' : `${charges} times`}`,
      finishedMs,
      hung: nothing,
      noticedBy: isMediated(side) ? 'Temporal: time-out of the attempt' : 'NATS: time-out of the acknowledgement',
      noticedMs: applied ? applied.at - killedAt : null,
    };
  },
};
