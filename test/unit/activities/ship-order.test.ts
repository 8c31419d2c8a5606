import { expect, test } from 'vitest';
import { createShippingProcessor, type ShippingPorts } from '../../../activities/shipping/processor.ts';
import type { ShipOrder } from '../../../contracts/shipping.ts';

const command = { requestId: 'ord-1/ship-order/1', orderId: 'ord-1' } as ShipOrder;
const calledBack = new Error('The carrier has called back T-1, which this command had booked.');

/** A processor whose carrier refuses the booking, because another attempt's was called back; `then`: the order by then. */
const shipping = (then: 'undone' | 'look-first') => {
  const standings = ['new', then];
  return createShippingProcessor({
    carrier: { book: () => Promise.reject(calledBack) },
    store: {
      begin: () => Promise.resolve({ standing: standings.shift() }),
      settle: () => Promise.resolve({ refusal: { type: 'AlreadyUndone', details: { requestId: command.requestId } } }),
    },
  } as unknown as ShippingPorts);
};

test('a booking that a compensation called back while it was asked for again is undone, and no fault', async () => {
  await expect(shipping('undone').shipOrder(command)).rejects.toMatchObject({ type: 'AlreadyUndone' });
});

test('a booking that the carrier called back by itself is a fault, for a person', async () => {
  await expect(shipping('look-first').shipOrder(command)).rejects.toBe(calledBack);
});
