import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { applying, euros, landsLate, openPaymentDesk, refunding, type PaymentDesk } from './paying.ts';
import { anOrderId, atOnce, expectRefusal, openWorkbench, type Workbench } from './workbench.ts';

let bench: Workbench;
let desk: PaymentDesk;
beforeAll(async () => {
  bench = await openWorkbench({ cardGateway: { slowMs: 1_000, keyTtlSeconds: 1 } });
  desk = openPaymentDesk(bench);
});
afterAll(() => bench.close());

const pay = (...about: Parameters<typeof applying>) => desk.processor.applyPayment(applying(...about));
const charged = (orderId: string) => bench.rig.cardGateway.charges(orderId).map(({ amount }) => amount);
const givenBack = (orderId: string) => bench.rig.cardGateway.refunds(orderId).map(({ amount }) => amount);
/** Every key the order's charges came with so far is forgotten. */
const keysExpire = (orderId: string) =>
  until(() => bench.rig.cardGateway.charges(orderId).every(({ at }) => Date.now() - Date.parse(at) > 1_100), {
    what: 'the keys to expire',
  });

describe('another card in a later round', () => {
  it('is charged after the first was denied', async () => {
    const orderId = anOrderId();
    await expectRefusal(pay(orderId, 1, 1000, 'card_denied'), 'PaymentDenied', {
      reason: 'denied',
      amount: euros(1000),
    });
    expect(await pay(orderId, 2, 1000)).toMatchObject({ amount: euros(1000) });
    await expectRefusal(pay(orderId, 1, 1000, 'card_denied'), 'PaymentDenied', {
      reason: 'denied',
      amount: euros(1000),
    });
    await desk.expectCharged(orderId, 1000);
    expect(await bench.factsOf(orderId)).toEqual(['payment-denied', 'payment-applied']);
  });

  it('counts, when the first card succeeds while nobody has heard of it yet: that charge is given back before', async () => {
    const orderId = anOrderId();
    await expect(pay(orderId, 1, 1000, 'card_lost_reply')).rejects.toThrow('did not answer');
    expect(await pay(orderId, 2, 1000)).toMatchObject({ amount: euros(1000) });
    await expectRefusal(pay(orderId, 1, 1000, 'card_lost_reply'), 'Superseded', {
      requestId: `${orderId}/apply-payment/1`,
    });
    expect(charged(orderId)).toEqual([1000, 1000]);
    await desk.expectCharged(orderId, 1000);
    expect(await bench.factsOf(orderId)).toEqual(['payment-applied', 'payment-refunded', 'payment-applied']);
  });

  it('counts, when the first card succeeds after it: that charge gives itself back', async () => {
    const orderId = anOrderId();
    const first = applying(orderId, 1, 1000, 'card_slow');
    const slow = expectRefusal(desk.processor.applyPayment(first), 'Superseded', { requestId: first.requestId });
    await until(async () => (await desk.stateOf(first)) === 'intended', { what: 'the intent' });
    await pay(orderId, 2, 1000);
    expect(charged(orderId)).toEqual([1000]);
    await slow;
    expect(charged(orderId)).toEqual([1000, 1000]);
    expect(await desk.stateOf(first)).toBe('returned');
    await desk.expectCharged(orderId, 1000);
    expect(await bench.factsOf(orderId)).toEqual(['payment-applied', 'payment-applied', 'payment-refunded']);
  });

  it('keeps a command of an earlier round that comes late from charging anything', async () => {
    const orderId = anOrderId();
    await pay(orderId, 2, 1000);
    await expectRefusal(pay(orderId, 1, 900), 'Superseded', { requestId: `${orderId}/apply-payment/1` });
    expect(charged(orderId)).toEqual([1000]);
    expect(await bench.factsOf(orderId)).toEqual(['payment-applied']);
  });

  it('leaves what was settled before it to count, also for an attempt that waited while it was settled', async () => {
    const orderId = anOrderId();
    const first = applying(orderId, 1, 1000);
    await desk.store.begin(first);
    const { chargeId } = (await landsLate(desk, first)) as { chargeId: string };
    const letGo = await bench.holdFactsOf(orderId);
    const settling = desk.store.settle(first, { charged: { chargeId, amount: first.amount } });
    await bench.waiting(1);
    const second = desk.store.begin(applying(orderId, 2, 1000));
    await bench.waiting(2);
    const again = desk.processor.applyPayment(first);
    await bench.waiting(3);
    await letGo();
    await Promise.all([settling, second]);
    expect(await again).toEqual({ chargeId, amount: euros(1000) });
    await desk.expectCharged(orderId, 1000);
  });
});

describe('another amount in a later round', () => {
  it('charges or gives back the difference, so that the balance is always that of the last round', async () => {
    const orderId = anOrderId();
    const amounts = [1000, 1500, 1500, 300, 2000, 50];
    for (const [index, amount] of amounts.entries()) {
      const answer = await pay(orderId, index + 1, amount);
      expect(answer.amount).toEqual(euros(amount));
      expect(await pay(orderId, index + 1, amount)).toEqual(answer);
      await desk.expectCharged(orderId, amount);
    }
    expect(charged(orderId)).toEqual([1000, 500, 1700]);
    expect(givenBack(orderId)).toEqual([500, 700, 1700, 250]);
    expect(await desk.stateOf(applying(orderId, 3, 1500))).toBeUndefined();
    const refund = await desk.processor.refundPayment(refunding(orderId));
    expect(refund).toEqual({ refunded: euros(3200) });
    await desk.expectCharged(orderId, 0);
  });

  it('answers without a charge when nothing had to be charged', async () => {
    const orderId = anOrderId();
    await pay(orderId, 1, 1000);
    expect(await pay(orderId, 2, 1000)).toEqual({ chargeId: null, amount: euros(1000) });
    expect(await pay(orderId, 3, 400)).toEqual({ chargeId: null, amount: euros(400) });
    expect(await bench.factsOf(orderId)).toEqual(['payment-applied', 'payment-refunded']);
  });

  it('leaves no intent behind when 20 ask at once and nothing has to be charged', async () => {
    const orderId = anOrderId();
    await pay(orderId, 1, 1000);
    for (const answer of await atOnce(20, () => pay(orderId, 2, 1000)))
      expect(answer).toEqual({ chargeId: null, amount: euros(1000) });
    expect(await desk.stateOf(applying(orderId, 2, 1000))).toBeUndefined();
    expect(charged(orderId)).toEqual([1000]);
  });

  it('is refused for the difference when the card is declined, and leaves what was charged', async () => {
    const orderId = anOrderId();
    await pay(orderId, 1, 1000);
    const declined = { reason: 'insufficient_funds', amount: euros(500) } as const;
    await expectRefusal(pay(orderId, 2, 1500, 'card_insufficient_funds'), 'PaymentDenied', declined);
    await desk.expectCharged(orderId, 1000);
    await pay(orderId, 3, 1500);
    await desk.expectCharged(orderId, 1500);
    expect(await bench.factsOf(orderId)).toEqual(['payment-applied', 'payment-denied', 'payment-applied']);
  });

  it('charges the difference once when asked 20 times at once', async () => {
    const orderId = anOrderId();
    await pay(orderId, 1, 1000);
    const answers = await atOnce(20, () => pay(orderId, 2, 1500));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(charged(orderId)).toEqual([1000, 500]);
    await desk.expectCharged(orderId, 1500);
    expect(await bench.factsOf(orderId)).toEqual(['payment-applied', 'payment-applied']);
  });

  it('gives the difference back once when asked 20 times at once', async () => {
    const orderId = anOrderId();
    await pay(orderId, 1, 1000);
    await atOnce(20, () => pay(orderId, 2, 700));
    expect(givenBack(orderId)).toEqual([300]);
    await desk.expectCharged(orderId, 700);
    expect(await bench.factsOf(orderId)).toEqual(['payment-applied', 'payment-refunded']);
  });

  it('gets through to a gateway that gives back on the third attempt only', async () => {
    const orderId = anOrderId();
    await pay(orderId, 1, 1000, 'card_refund_flaky');
    for (const _ of [1, 2]) await expect(pay(orderId, 2, 700, 'card_refund_flaky')).rejects.toThrow('503');
    await pay(orderId, 2, 700, 'card_refund_flaky');
    await desk.expectCharged(orderId, 700);
  });
});

describe('a worker that dies between the gateway and our own books', () => {
  it('charges the difference once, also when the key has expired', async () => {
    const orderId = anOrderId();
    await pay(orderId, 1, 1000);
    const second = applying(orderId, 2, 1500);
    await desk.store.begin(second);
    await landsLate(desk, { ...second, amount: euros(500) });
    await keysExpire(orderId);
    expect(await desk.processor.applyPayment(second)).toMatchObject({ amount: euros(1500) });
    expect(charged(orderId)).toEqual([1000, 500]);
    await desk.expectCharged(orderId, 1500);
  });

  it.each([
    ['the same round', 2, 700],
    ['a later round with more', 3, 1200],
    ['a later round with less', 3, 100],
  ])('gives the difference back once, and %s goes on from there', async (_, round, amount) => {
    const orderId = anOrderId();
    const { chargeId } = await pay(orderId, 1, 1000);
    const second = applying(orderId, 2, 700);
    await desk.store.begin(second);
    const idempotencyKey = `${second.requestId}/${chargeId}`;
    await desk.gateway.refund({ idempotencyKey, chargeId: `${chargeId}`, amount: 300 });
    await pay(orderId, round, amount);
    await desk.expectCharged(orderId, amount);
  });

  it('leaves a charge of the difference, which a later round gives back before it charges its own', async () => {
    const orderId = anOrderId();
    await pay(orderId, 1, 1000);
    const second = applying(orderId, 2, 1500);
    await desk.store.begin(second);
    await landsLate(desk, { ...second, amount: euros(500) });
    await pay(orderId, 3, 1100);
    expect(charged(orderId)).toEqual([1000, 500, 100]);
    expect(givenBack(orderId)).toEqual([500]);
    await desk.expectCharged(orderId, 1100);
  });

  it('does not let an order be charged again days later: the keys of all rounds have expired', async () => {
    const orderId = anOrderId();
    await pay(orderId, 1, 1000);
    await keysExpire(orderId);
    await pay(orderId, 2, 1000);
    expect(charged(orderId)).toEqual([1000]);
    await desk.expectCharged(orderId, 1000);
  });
});

describe('a compensation of an order of several rounds', () => {
  it('gives back what is left of every charge, and what came late', async () => {
    const orderId = anOrderId();
    await pay(orderId, 1, 1000);
    await pay(orderId, 2, 1500);
    await pay(orderId, 3, 1200);
    await desk.store.begin(applying(orderId, 4, 2000));
    await landsLate(desk, applying(orderId, 4, 800));
    expect(await desk.processor.refundPayment(refunding(orderId))).toEqual({ refunded: euros(2300) });
    await desk.expectCharged(orderId, 0);
    await expectRefusal(pay(orderId, 4, 2000), 'AlreadyUndone', { requestId: `${orderId}/apply-payment/4` });
    expect(await desk.processor.refundPayment(refunding(orderId))).toEqual({ refunded: euros(2300) });
  });

  it('is finished by its third attempt when the gateway fails twice', async () => {
    const orderId = anOrderId();
    await pay(orderId, 1, 1000, 'card_refund_flaky');
    for (const _ of [1, 2]) await expect(desk.processor.refundPayment(refunding(orderId))).rejects.toThrow('503');
    expect(await desk.processor.refundPayment(refunding(orderId))).toEqual({ refunded: euros(1000) });
    await desk.expectCharged(orderId, 0);
    expect(await bench.factsOf(orderId)).toEqual(['payment-applied', 'payment-refunded']);
  });
});
