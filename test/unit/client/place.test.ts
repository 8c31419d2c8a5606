import type { Client } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { placeOrder } from '../../../app/place.ts';
import { loadOrderPolicy } from '../../../config/order-policy.ts';
import type { PlaceOrder } from '../../../contracts/place-order.ts';
import type { SqlRunner } from '../../../prisma/statement.ts';

const event: PlaceOrder = {
  requestId: 'req-0001',
  customerId: 'c-1',
  lines: [{ isbn: '9780134685991', quantity: 1 }],
  card: 'card_ok',
  shipTo: { name: 'A', street: 'B', city: 'C', postcode: 'D', country: 'DE' },
  currency: 'EUR',
};

const policy = loadOrderPolicy({});

/** An error as the gRPC client throws it. */
const grpcError = (code: number, type = '') =>
  Object.assign(new Error(`code ${code}`), { code, details: '', metadata: { get: () => [Buffer.from(type)] } });

/** As the server of Temporal 1.32 says it, but for the bytes around the type. */
const notReady = grpcError(9, 'type.googleapis.com/temporal.api.errordetails.v1.WorkflowNotReadyFailure');

/** A Temporal that gives these answers, one after the other, the last one for ever. */
function temporalThatAnswers(...answers: readonly (Error | { orderId: string })[]) {
  let asked = 0;
  const executeUpdateWithStart = async () => {
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const workflowService = { describeTaskQueue: async () => ({ pollers: [] }) };
  const client = {
    withDeadline: (_: number, run: () => Promise<unknown>) => run(),
    workflow: { executeUpdateWithStart },
    workflowService,
    options: { namespace: 'default' },
  };
  return { client: client as unknown as Client, timesAsked: () => asked };
}

describe('placing an order', () => {
  it('asks again while the flow is not ready to answer', async () => {
    const temporal = temporalThatAnswers(notReady, notReady, { orderId: 'ord-1' });
    const placed = await placeOrder({ client: temporal.client, event, policy, deadlineMs: 5_000 });
    expect(placed).toEqual({ orderId: 'ord-1', requestId: 'req-0001', workflowId: 'order/req-0001' });
    expect(temporal.timesAsked()).toBe(3);
  });

  it('says that nothing is known when the flow is not ready until the deadline', async () => {
    const temporal = temporalThatAnswers(notReady);
    const placing = placeOrder({ client: temporal.client, event, policy, deadlineMs: 600 });
    await expect(placing).rejects.toThrow(/not known whether the order was accepted.*--request-id req-0001/);
  });

  it('says at once that nothing was done when the server takes no more updates of the flow', async () => {
    const temporal = temporalThatAnswers(grpcError(9));
    const placing = placeOrder({ client: temporal.client, event, policy, deadlineMs: 600 });
    await expect(placing).rejects.toThrow(/^Nothing was done: Temporal takes no more actions/);
    expect(temporal.timesAsked()).toBe(1);
  });

  it.each([5, 10])(
    'asks once more when the flow ended while it was asked (status %i), and no oftener',
    async (code) => {
      const once = temporalThatAnswers(grpcError(code), { orderId: 'ord-1' });
      await expect(placeOrder({ client: once.client, event, policy, deadlineMs: 5_000 })).resolves.toMatchObject({
        orderId: 'ord-1',
      });
      const always = temporalThatAnswers(grpcError(code));
      await expect(placeOrder({ client: always.client, event, policy, deadlineMs: 5_000 })).rejects.toThrow(
        `code ${code}`,
      );
      expect(always.timesAsked()).toBe(2);
    },
  );

  it('ends its call to the mediator when the store gives the id of a compact order first', async () => {
    const calls: AbortSignal[] = [];
    const client = {
      withDeadline: (_: number, run: () => Promise<unknown>) => run(),
      withAbortSignal: (signal: AbortSignal, run: () => Promise<unknown>) => (calls.push(signal), run()),
      workflow: { executeUpdateWithStart: () => new Promise(() => {}) },
    } as unknown as Client;
    const inStore = [[], [], [{ orderId: 'ord-1' }]];
    const database = { run: async () => inStore.shift() } as unknown as SqlRunner;
    const placing = { client, database, event, policy: { ...policy, lane: 'compact' }, deadlineMs: 5_000 } as const;
    await expect(placeOrder(placing)).resolves.toMatchObject({ orderId: 'ord-1' });
    expect(calls.map(({ aborted }) => aborted)).toEqual([true]);
  });
});
