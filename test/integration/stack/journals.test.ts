import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRig, type Rig } from '../../support/rig.ts';
import { until } from '../../support/until.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig({ cardGateway: true, supplier: { mode: 'whole', deliverySeconds: 0 }, smtpSink: true });
});
afterAll(() => rig.close());

/** Sends requests all the time, kills the server in the middle, and returns those that were answered with success. */
async function answeredUntilKilled(
  kill: () => Promise<void>,
  send: (id: string) => Promise<boolean>,
): Promise<string[]> {
  const answered: string[] = [];
  const killed = { yet: false };
  const sender = async (name: string) => {
    for (let n = 1; !killed.yet; n += 1) {
      const id = `${name}-${n}`;
      if (!(await send(id).catch(() => false))) return;
      answered.push(id);
    }
  };
  const senders = ['a', 'b', 'c', 'd'].map(sender);
  await until(() => answered.length > 100, { what: 'a hundred answers' });
  await kill();
  killed.yet = true;
  await Promise.all(senders);
  return answered;
}

async function post(url: string, key: string, body: unknown): Promise<boolean> {
  const headers = { 'idempotency-key': key, 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  await response.text();
  return response.status === 201;
}

test('every charge that was answered is in the mediator store after a SIGKILL, and asking again charges no second time', async () => {
  const { cardGateway } = rig;
  const charge = (id: string) =>
    post(`${cardGateway.url}/charges`, id, { orderId: id, amount: 100, currency: 'EUR', card: 'card_ok' });
  const answered = await answeredUntilKilled(cardGateway.kill, charge);
  await cardGateway.start();
  for (const id of answered) expect(await charge(id)).toBe(true);
  const counts = answered.map((id) => cardGateway.charges(id).length);
  expect(counts.every((count) => count === 1)).toBe(true);
});

test('every purchase order that was accepted is known after a SIGKILL, with its delivery', async () => {
  const { supplier } = rig;
  const order = (id: string) =>
    post(`${supplier.url}/purchase-orders`, id, { purchaseOrderId: id, isbn: '9780134685991', quantity: 3 });
  const answered = await answeredUntilKilled(supplier.kill, order);
  await supplier.start();
  for (const id of answered) {
    const shown = await fetch(`${supplier.url}/purchase-orders/${id}`);
    expect(await shown.json()).toMatchObject({ purchaseOrderId: id, complete: true });
  }
});

test('every mail that was accepted is kept after a SIGKILL', async () => {
  const { smtpSink } = rig;
  const transport = createTransport({ url: smtpSink.url, pool: true, maxConnections: 4 });
  const send = async (id: string) => {
    await transport.sendMail({ from: 'shop@example.com', to: 'c@example.com', subject: id, text: 'Grüße' });
    return true;
  };
  const answered = await answeredUntilKilled(smtpSink.kill, send);
  transport.close();
  await smtpSink.start();
  const kept = new Set((await smtpSink.mails()).map(({ subject }) => subject));
  expect(answered.filter((id) => !kept.has(id))).toEqual([]);
});
