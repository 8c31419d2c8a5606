import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlacedOrder } from '../../../app/place.ts';
import { act, heldFor, refusalOf } from '../../support/acting.ts';
import { policyOf } from '../../support/policies.ts';
import { openShop, type Shop } from '../../support/shop.ts';

/* The server's limits are lowered, so that orders come to them soon: the mediator asks the server where they are. */

let shop: Shop;
beforeAll(async () => {
  const settings = ['history.maxTotalUpdates=20', 'limit.historyCount.suggestContinueAsNew=150'];
  shop = await openShop({ temporal: { settings } });
});
afterAll(() => shop.close());

const heldOrder = async (): Promise<PlacedOrder> => {
  const placed = await shop.place({ card: 'card_denied' }, policyOf());
  await heldFor(shop, placed, 'payment');
  return placed;
};

/** Does it until it is refused, and returns the sentence. */
async function untilRefused(work: (time: number) => Promise<unknown>): Promise<string> {
  for (let time = 1; time <= 30; time += 1) {
    const why = await work(time).then(
      () => undefined,
      (error: Error) => (error.cause instanceof Error ? error.cause : error).message,
    );
    if (why !== undefined) return why;
  }
  throw new Error('It was never refused.');
}

const amendOften = (placed: PlacedOrder): Promise<string> =>
  untilRefused((time) => act(shop, placed, 'amend', { lines: [{ isbn: '9780134685991', quantity: 1 + (time % 2) }] }));

describe('a held order that was amended again and again', () => {
  it('takes no more amendments, says what is possible still, and is paid', async () => {
    const placed = await heldOrder();
    const why = await amendOften(placed);
    expect(why).toMatch(/takes no more changes.*Possible now: pay, retry, cancel\.$/);
    await act(shop, placed, 'pay', { card: 'card_ok' });
    expect(await shop.end(placed)).toMatchObject({ outcome: 'completed' });
  });

  it('is cancelled by its customer, or by an operator, and then takes no second cancel', async () => {
    const [first, second] = [await heldOrder(), await heldOrder()];
    await Promise.all([first, second].map(amendOften));
    await act(shop, first, 'cancel', { reason: null });
    expect(await shop.end(first)).toMatchObject({ outcome: 'cancelled', reason: 'The customer cancelled it.' });
    const release = await shop.holdTables('payment.guard');
    await act(shop, second, 'cancel', { actor: 'Ada', reason: null });
    expect(await refusalOf(act(shop, second, 'cancel', { actor: 'Ada', reason: null }))).toMatch(/no more changes/);
    await release();
    expect(await shop.end(second)).toMatchObject({ outcome: 'cancelled' });
  });
});

describe('a held order that was asked again and again', () => {
  it('keeps room for its cancel: what is refused costs none', async () => {
    const placed = await heldOrder();
    const pay = () => act(shop, placed, 'pay', { card: 'card_unknown_to_the_gateway' });
    const why = await untilRefused(async () => {
      const said = await refusalOf(pay());
      if (!said.includes('does not know this card')) throw new Error(said);
    });
    expect(why).toMatch(/asked too often.*Possible now: cancel\.$/);
    for (let time = 0; time < 30; time += 1) expect(await refusalOf(pay())).toBe(why);
    await act(shop, placed, 'cancel', { reason: null });
    expect(await shop.end(placed)).toMatchObject({ outcome: 'cancelled' });
  });

  it('is cancelled by an operator at once, while as many actions wait as the server takes at a time', async () => {
    const placed = await heldOrder();
    await shop.rig.cardGateway.stop();
    const pays = Array.from({ length: 12 }, () => refusalOf(act(shop, placed, 'pay', { card: 'card_ok' })));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const asked = Date.now();
    await act(shop, placed, 'cancel', { actor: 'Ada', reason: null });
    expect(Date.now() - asked).toBeLessThan(2_000);
    await Promise.all(pays);
    await shop.rig.cardGateway.start();
    expect(await shop.end(placed)).toMatchObject({ outcome: 'cancelled' });
  });
});
