import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RefundReturn } from '../../../contracts/payment.ts';
import { createReturnRefunds, type ReturnRefunds } from '../../../activities/payment/return-refunds.ts';
import { applying, euros, openPaymentDesk, refunding, type PaymentDesk } from './paying.ts';
import { anOrderId, atOnce, openWorkbench, type Workbench } from './workbench.ts';

const keyTtlSeconds = 1;

let bench: Workbench;
let desk: PaymentDesk;
let returns: ReturnRefunds;
beforeAll(async () => {
  bench = await openWorkbench({ cardGateway: { keyTtlSeconds } });
  desk = openPaymentDesk(bench);
  returns = createReturnRefunds(bench.database);
});
afterAll(() => bench.close());

const returned = (orderId: string, amount: number, which = 'return-1'): RefundReturn => ({
  requestId: `${orderId}/refund-return/${which}/1`,
  orderId,
  amount: euros(amount),
});

const charged = async (...amounts: readonly number[]): Promise<string> => {
  const orderId = anOrderId();
  for (const [index, amount] of amounts.entries())
    await desk.processor.applyPayment(applying(orderId, index + 1, amount));
  return orderId;
};

describe('refund-return', () => {
  it('gives back the amount once, however often it is asked', async () => {
    const orderId = await charged(5000);
    const command = returned(orderId, 1200);
    expect(await desk.processor.refundReturn(command)).toEqual({ refunded: euros(1200) });
    expect(await desk.processor.refundReturn(command)).toEqual({ refunded: euros(1200) });
    await desk.expectCharged(orderId, 3800);
    expect(await bench.factsOf(orderId)).toEqual(['payment-applied', 'payment-refunded']);
  });

  it('gives it back once when asked ten times at once', async () => {
    const orderId = await charged(5000);
    const command = returned(orderId, 1200);
    const answers = await atOnce(10, () => desk.processor.refundReturn(command));
    for (const answer of answers) expect(answer).toEqual({ refunded: euros(1200) });
    await desk.expectCharged(orderId, 3800);
  });

  it('takes it from several charges of the order, the newest first', async () => {
    const orderId = await charged(3000, 5000);
    await desk.processor.refundReturn(returned(orderId, 2500));
    await desk.expectCharged(orderId, 2500);
    const states = await bench.sql<{ left: number }>(
      'SELECT (amount - refunded_amount)::int AS left FROM payment.charge WHERE order_id = $1 ORDER BY intended_at',
      [orderId],
    );
    expect(states.map(({ left }) => left)).toEqual([2500, 0]);
  });

  it('never gives back more than is left, and says how much it was', async () => {
    const orderId = await charged(5000);
    await desk.processor.refundReturn(returned(orderId, 4000, 'return-1'));
    expect(await desk.processor.refundReturn(returned(orderId, 4000, 'return-2'))).toEqual({ refunded: euros(1000) });
    expect(await desk.processor.refundReturn(returned(orderId, 4000, 'return-3'))).toEqual({ refunded: null });
    await desk.expectCharged(orderId, 0);
  });

  it('does nothing to an order that was undone: all of it had gone back', async () => {
    const orderId = await charged(5000);
    await desk.processor.refundPayment(refunding(orderId));
    expect(await desk.processor.refundReturn(returned(orderId, 500))).toEqual({ refunded: null });
    await desk.expectCharged(orderId, 0);
  });

  it('finishes what an attempt that was killed had begun, also when the gateway has forgotten its key', async () => {
    const orderId = await charged(5000);
    const command = returned(orderId, 1200);
    await returns.begin(command);
    const [charge] = await desk.gateway.chargesOf(orderId);
    const chargeId = charge?.chargeId ?? '';
    await returns.plan(command, { parts: [{ chargeId, refunded: 1200, part: 1200 }], already: [] });
    await desk.gateway.refund({ idempotencyKey: `${command.requestId}/${chargeId}`, chargeId, amount: 1200 });
    await sleep(keyTtlSeconds * 1000 + 100);
    expect(await desk.processor.refundReturn(command)).toEqual({ refunded: euros(1200) });
    await desk.expectCharged(orderId, 3800);
  });

  it('waits while another return of the order is being refunded, and counts what that one gave back', async () => {
    const orderId = await charged(5000);
    const [first, second] = [returned(orderId, 3000, 'return-1'), returned(orderId, 3000, 'return-2')];
    await returns.begin(first);
    await expect(desk.processor.refundReturn(second)).rejects.toThrow('Another return');
    await desk.processor.refundReturn(first);
    expect(await desk.processor.refundReturn(second)).toEqual({ refunded: euros(2000) });
    await desk.expectCharged(orderId, 0);
  });

  it('begins for each of several attempts that come at the very same time, and one return is told to wait', async () => {
    const { begin } = createReturnRefunds(bench.database);
    for (let round = 0; round < 50; round += 1) {
      const orderId = anOrderId();
      const [one, other] = [returned(orderId, 1000, 'return-1'), returned(orderId, 1000, 'return-2')];
      const begun = await Promise.all([one, one, one, other, other, other].map((command) => begin(command)));
      const standings = begun.map(({ standing }) => standing);
      expect([...new Set(standings.slice(0, 3)), ...new Set(standings.slice(3))].toSorted()).toEqual(['begun', 'busy']);
    }
  });

  it('gets through to a gateway that fails, and gives back once', async () => {
    const orderId = anOrderId();
    await desk.processor.applyPayment(applying(orderId, 1, 5000, 'card_refund_flaky'));
    const command = returned(orderId, 1200);
    await expect(desk.processor.refundReturn(command)).rejects.toThrow('503');
    await expect(desk.processor.refundReturn(command)).rejects.toThrow('503');
    expect(await desk.processor.refundReturn(command)).toEqual({ refunded: euros(1200) });
    await desk.expectCharged(orderId, 3800);
  });
});
