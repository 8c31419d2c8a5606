import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPaymentProcessor } from '../../../activities/payment/processor.ts';
import { createReturnRefunds } from '../../../activities/payment/return-refunds.ts';
import type { RefundReturn } from '../../../contracts/payment.ts';
import { refundElsewhere } from '../../support/partners.ts';
import { applying, euros, openPaymentDesk, refunding, type PaymentDesk } from './paying.ts';
import { anOrderId, atOnce, openWorkbench, type Workbench } from './workbench.ts';

let bench: Workbench;
let desk: PaymentDesk;
beforeAll(async () => {
  bench = await openWorkbench({ cardGateway: true });
  desk = openPaymentDesk(bench);
});
afterAll(() => bench.close());

const charged = async (amount: number): Promise<string> => {
  const orderId = anOrderId();
  await desk.processor.applyPayment(applying(orderId, 1, amount));
  return orderId;
};
const returned = (orderId: string, amount: number, which = 'return-1'): RefundReturn => ({
  requestId: `${orderId}/refund-return/${which}/1`,
  orderId,
  amount: euros(amount),
});
const elsewhere = (orderId: string, amount: number, how?: 'refunds' | 'disputes') =>
  refundElsewhere(bench.rig, orderId, amount, how);
const went = (amount: number) => ({ amount: euros(amount), at: expect.stringMatching(/^\d{4}-.*Z$/) as string });
/** How often the shop itself gave back. */
const ourRefunds = (orderId: string) => bench.rig.cardGateway.refunds(orderId).filter(({ by }) => !by).length;

describe('a return of what went back elsewhere', () => {
  it.each(['refunds', 'disputes'] as const)(
    'gives nothing back, and says when and how much had gone back (%s)',
    async (how) => {
      const orderId = await charged(5000);
      await elsewhere(orderId, 5000, how);
      const command = returned(orderId, 1200);
      const answers = await atOnce(5, () => desk.processor.refundReturn(command));
      for (const answer of answers) expect(answer).toEqual({ refunded: null, already: [went(1200)] });
      expect(await desk.processor.refundReturn(returned(orderId, 3800, 'return-2'))).toEqual({
        refunded: null,
        already: [went(3800)],
      });
      expect(ourRefunds(orderId)).toBe(0);
      await desk.expectCharged(orderId, 0);
    },
  );

  it('gives back what is missing of it, and counts each amount for one return', async () => {
    const orderId = await charged(5000);
    await elsewhere(orderId, 300);
    await elsewhere(orderId, 1200);
    expect(await desk.processor.refundReturn(returned(orderId, 1000))).toEqual({
      refunded: null,
      already: [went(300), went(700)],
    });
    expect(await desk.processor.refundReturn(returned(orderId, 1000, 'return-2'))).toEqual({
      refunded: euros(500),
      already: [went(500)],
    });
    expect(await desk.processor.refundReturn(returned(orderId, 1000, 'return-3'))).toEqual({ refunded: euros(1000) });
    await desk.expectCharged(orderId, 2000);
  });

  it.each([
    ['charged again by', 5000, 3000],
    ['part of what it became cheaper by', 2000, 3000],
  ])('does not count what was %s an amendment of the order', async (_, back, total) => {
    const orderId = await charged(5000);
    await elsewhere(orderId, back);
    await desk.processor.applyPayment(applying(orderId, 2, total));
    expect(await desk.processor.refundReturn(returned(orderId, 1000))).toEqual({ refunded: euros(1000) });
    await elsewhere(orderId, 600, 'disputes');
    expect(await desk.processor.refundReturn(returned(orderId, 1000, 'return-2'))).toEqual({
      refunded: euros(400),
      already: [went(600)],
    });
    await desk.expectCharged(orderId, total - 2000);
  });

  it('never gives back more than the plan, also when it went back while the refund was cut off', async () => {
    const orderId = await charged(5000);
    const command = returned(orderId, 1200);
    const returns = createReturnRefunds(bench.database);
    await returns.begin(command);
    const chargeId = (await desk.gateway.chargesOf(orderId))[0]?.chargeId ?? '';
    await returns.plan(command, { parts: [{ chargeId, refunded: 1200, part: 1200 }], already: [] });
    await elsewhere(orderId, 1200);
    expect(await desk.processor.refundReturn(command)).toEqual({ refunded: euros(1200) });
    await desk.expectCharged(orderId, 3800);
  });
});

describe('a compensation of what went back elsewhere', () => {
  it('gives back the rest only, and says when and how much had gone back', async () => {
    const [whole, part] = [await charged(5000), await charged(5000)];
    await elsewhere(whole, 5000);
    await elsewhere(part, 1200, 'disputes');
    for (const _ of [1, 2]) {
      expect(await desk.processor.refundPayment(refunding(whole))).toEqual({ refunded: null, already: [went(5000)] });
      expect(await desk.processor.refundPayment(refunding(part))).toEqual({
        refunded: euros(3800),
        already: [went(1200)],
      });
    }
    expect([ourRefunds(whole), ourRefunds(part)]).toEqual([0, 1]);
    await desk.expectCharged(whole, 0);
    await desk.expectCharged(part, 0);
  });

  it('ends when it went back between the look into the books and the refund', async () => {
    const orderId = await charged(5000);
    let looked = 0;
    const gateway = {
      ...desk.gateway,
      async chargesOf(of: string) {
        const charges = await desk.gateway.chargesOf(of);
        if ((looked += 1) === 1) await elsewhere(orderId, 1200);
        return charges;
      },
    };
    const processor = createPaymentProcessor({ ...desk, gateway, returns: createReturnRefunds(bench.database) });
    await expect(processor.refundPayment(refunding(orderId))).rejects.toThrow('asking again');
    expect(await processor.refundPayment(refunding(orderId))).toEqual({
      refunded: euros(3800),
      already: [went(1200)],
    });
    await desk.expectCharged(orderId, 0);
  });
});
