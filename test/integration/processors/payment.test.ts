import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DenialReason } from '../../../contracts/failures.ts';
import type { PaymentProcessor } from '../../../contracts/payment.ts';
import { until } from '../../support/until.ts';
import { applying, openPaymentDesk, refunding as refund, type PaymentDesk } from './paying.ts';
import { anOrderId, atOnce, expectRefusal, openWorkbench, type Workbench } from './workbench.ts';

let bench: Workbench;
let desk: PaymentDesk;
let processor: PaymentProcessor;
beforeAll(async () => {
  bench = await openWorkbench({ cardGateway: { slowMs: 1_000, keyTtlSeconds: 1 } });
  desk = openPaymentDesk(bench);
  processor = desk.processor;
});
afterAll(() => bench.close());

const amount = { amount: 9670, currency: 'EUR' } as const;
const charge = (card: string, orderId = anOrderId()) => applying(orderId, 1, amount.amount, card);
const check = (card: string) => ({ requestId: 'request-1/check-card/1', orderId: 'ord-1', card });

describe('apply-payment', () => {
  it('charges the card once, and answers the same again', async () => {
    const command = charge('card_ok');
    const answer = await processor.applyPayment(command);
    expect(await processor.applyPayment(command)).toEqual(answer);
    expect(bench.rig.cardGateway.charges(command.orderId)).toMatchObject([{ chargeId: answer.chargeId, amount: 9670 }]);
    expect(await bench.factsOf(command.orderId)).toEqual(['payment-applied']);
  });

  it('charges once when asked 20 times at once', async () => {
    const command = charge('card_ok');
    const answers = await atOnce(20, () => processor.applyPayment(command));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(bench.rig.cardGateway.charges(command.orderId)).toHaveLength(1);
    expect(await bench.factsOf(command.orderId)).toEqual(['payment-applied']);
  });

  it.each<[string, DenialReason]>([
    ['card_expired', 'card_expired'],
    ['card_insufficient_funds', 'insufficient_funds'],
    ['card_denied', 'denied'],
    ['tok_whatever', 'unknown_card'],
  ])('refuses %s with the reason, tells it as a fact, and refuses the same way again', async (card, reason) => {
    const command = charge(card);
    await expectRefusal(processor.applyPayment(command), 'PaymentDenied', { reason, amount });
    await expectRefusal(processor.applyPayment(command), 'PaymentDenied', { reason, amount });
    expect(await bench.factsOf(command.orderId)).toEqual(['payment-denied']);
    expect(bench.rig.cardGateway.balance(command.orderId)).toBe(0);
  });

  it('gets through to a flaky gateway on the third attempt, and charges once', async () => {
    const command = charge('card_flaky');
    await expect(processor.applyPayment(command)).rejects.toThrow('503');
    await expect(processor.applyPayment(command)).rejects.toThrow('503');
    await processor.applyPayment(command);
    expect(bench.rig.cardGateway.charges(command.orderId)).toHaveLength(1);
  });

  it('finds the charge whose reply was lost, by looking it up, even when its key has expired', async () => {
    const command = charge('card_lost_reply');
    await expect(processor.applyPayment(command)).rejects.toThrow('did not answer');
    const [made] = bench.rig.cardGateway.charges(command.orderId);
    await until(() => Date.now() - Date.parse(made?.at ?? '') > 1_100, { what: 'the key to expire' });
    expect(await processor.applyPayment(command)).toEqual({ chargeId: made?.chargeId, amount });
    expect(bench.rig.cardGateway.charges(command.orderId)).toHaveLength(1);
  });

  it('is a fault without the card in its message while the gateway is away, and goes through when it is back', async () => {
    const command = charge('card_ok');
    await bench.rig.cardGateway.kill();
    const error: unknown = await processor.applyPayment(command).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: expect.stringContaining('card gateway did not answer') as string });
    expect(String(error)).not.toContain('card_ok');
    await bench.rig.cardGateway.start();
    await processor.applyPayment(command);
    expect(bench.rig.cardGateway.balance(command.orderId)).toBe(9670);
  });
});

describe('refund-payment', () => {
  it('gives back once what was charged, also 20 times at once', async () => {
    const command = charge('card_ok');
    await processor.applyPayment(command);
    // While one attempt gives back, another may find too little left: a fault, after which it is asked again.
    const settled = await Promise.allSettled(
      Array.from({ length: 20 }, () => processor.refundPayment(refund(command.orderId))),
    );
    for (const one of settled) if (one.status === 'rejected') expect(String(one.reason)).toContain('Somebody else');
    expect(await processor.refundPayment(refund(command.orderId))).toEqual({ refunded: amount });
    expect(bench.rig.cardGateway.refunds(command.orderId)).toHaveLength(1);
    expect(bench.rig.cardGateway.balance(command.orderId)).toBe(0);
    expect(await bench.factsOf(command.orderId)).toEqual(['payment-applied', 'payment-refunded']);
  });

  it('does nothing when nothing was charged', async () => {
    const command = charge('card_denied');
    await expect(processor.applyPayment(command)).rejects.toThrow('declined');
    expect(await processor.refundPayment(refund(command.orderId))).toEqual({ refunded: null });
    expect(await bench.factsOf(command.orderId)).toEqual(['payment-denied']);
  });

  it('gives back a charge whose reply was lost and that nobody asked for again', async () => {
    const command = charge('card_lost_reply');
    await expect(processor.applyPayment(command)).rejects.toThrow('did not answer');
    expect(await processor.refundPayment(refund(command.orderId))).toEqual({ refunded: amount });
    expect(bench.rig.cardGateway.balance(command.orderId)).toBe(0);
    expect(await bench.factsOf(command.orderId)).toEqual(['payment-applied', 'payment-refunded']);
    await expectRefusal(processor.applyPayment(command), 'AlreadyUndone', { requestId: command.requestId });
    expect(bench.rig.cardGateway.charges(command.orderId)).toHaveLength(1);
  });

  it('goes on where it was cut off between the gateway and our own books', async () => {
    const command = charge('card_ok');
    const { chargeId } = await processor.applyPayment(command);
    await desk.gateway.refund({
      idempotencyKey: `${refund(command.orderId).requestId}/${chargeId}`,
      chargeId: `${chargeId}`,
      amount: 9670,
    });
    expect(await processor.refundPayment(refund(command.orderId))).toEqual({ refunded: amount });
    expect(bench.rig.cardGateway.refunds(command.orderId)).toHaveLength(1);
    expect(await bench.factsOf(command.orderId)).toEqual(['payment-applied', 'payment-refunded']);
  });
});

describe('a refund that overtakes its charge', () => {
  it('lets a charge that comes later charge nothing', async () => {
    const command = charge('card_ok');
    await processor.refundPayment(refund(command.orderId));
    await expectRefusal(processor.applyPayment(command), 'AlreadyUndone', { requestId: command.requestId });
    expect(bench.rig.cardGateway.charges(command.orderId)).toEqual([]);
    expect(await bench.factsOf(command.orderId)).toEqual([]);
  });

  it('has a charge that is under way at the gateway given back as soon as it is made', async () => {
    const command = charge('card_slow');
    const slow = expectRefusal(processor.applyPayment(command), 'AlreadyUndone', { requestId: command.requestId });
    await until(async () => (await desk.stateOf(command)) === 'intended', { what: 'the intent' });
    expect(await processor.refundPayment(refund(command.orderId))).toEqual({ refunded: null });
    await slow;
    expect(bench.rig.cardGateway.charges(command.orderId)).toHaveLength(1);
    expect(bench.rig.cardGateway.balance(command.orderId)).toBe(0);
    expect(await desk.stateOf(command)).toBe('returned');
    expect(await bench.factsOf(command.orderId)).toEqual(['payment-applied', 'payment-refunded']);
  });

  it('has a charge given back by its next attempt when the attempt that made it died', async () => {
    const command = charge('card_slow');
    // What a killed worker leaves behind: an intent, and a charge that nobody settled, made after the refund had looked.
    await desk.store.begin(command);
    await processor.refundPayment(refund(command.orderId));
    await desk.gateway.charge({ ...command, idempotencyKey: command.requestId });
    await expectRefusal(processor.applyPayment(command), 'AlreadyUndone', { requestId: command.requestId });
    expect(bench.rig.cardGateway.balance(command.orderId)).toBe(0);
  });
});

describe('check-card', () => {
  it.each(['card_ok', 'card_denied'])('knows %s, whatever its issuer will say', async (card) => {
    expect(await processor.checkCard(check(card))).toEqual({ known: true });
  });

  it.each(['card_unheard_of', '..', 'a/b?c'])('refuses %s, and does not say the token again', async (card) => {
    const refused = processor.checkCard(check(card));
    await expectRefusal(refused, 'UnknownCard', { requestId: 'request-1/check-card/1' });
    await expect(refused).rejects.not.toThrow(card);
  });
});
