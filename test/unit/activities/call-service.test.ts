import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callService } from '../../../activities/kit/call-service.ts';
import { createCardGateway } from '../../../activities/payment/card-gateway.ts';
import { createSupplier } from '../../../activities/warehouse/supplier.ts';

/** A service that answers what the test says, and what it was asked last. */
const service = { status: 200, body: '{}' };
let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    response.writeHead(service.status).end(service.body);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function faultOf(call: Promise<unknown>): Promise<Error> {
  const error: unknown = await call.then(
    () => expect.fail('It was no fault.'),
    (thrown: unknown) => thrown,
  );
  return error as Error;
}

const answering = (status: number, code = 'some_code') => {
  service.status = status;
  service.body = JSON.stringify({ error: { code, message: 'secret' } });
};

const isLasting = (error: Error) => error instanceof ApplicationFailure && error.nonRetryable === true;

describe('a status that nobody expects', () => {
  it.each([400, 401, 403, 404, 409, 410, 422])('%i is a lasting fault', async (status) => {
    answering(status);
    const error = await faultOf(callService('supplier', url)('GET', '/things?secret=1', { expect: [200] }));
    expect(error).toMatchObject({ type: 'LastingFault', nonRetryable: true });
    expect(error.message).toBe(`The supplier answered ${status} to GET /things.`);
  });

  it.each([408, 425, 429, 500, 502, 503])('%i is a fault that is asked again', async (status) => {
    answering(status);
    const error = await faultOf(callService('supplier', url)('GET', '/things', { expect: [200] }));
    expect(error).not.toBeInstanceOf(ApplicationFailure);
    expect(error.message).toBe(`The supplier answered ${status} to GET /things.`);
  });
});

describe('a conflict', () => {
  const amount = { amount: 100, currency: 'EUR' } as const;
  const order = { idempotencyKey: 'k', orderId: 'ord-1', amount, card: 'card_secret' };

  it('over the key of a charge, or of a refund, is a lasting fault', async () => {
    answering(409, 'key_reused');
    const gateway = createCardGateway(url);
    expect(isLasting(await faultOf(gateway.charge(order)))).toBe(true);
    expect(isLasting(await faultOf(gateway.refund({ idempotencyKey: 'k', chargeId: 'c', amount: 1 })))).toBe(true);
  });

  it('over what is left of a charge says that somebody else was faster', async () => {
    answering(409, 'over_refund');
    expect(await createCardGateway(url).refund({ idempotencyKey: 'k', chargeId: 'c', amount: 1 })).toBe(false);
  });

  it('over the content of a purchase order is a lasting fault', async () => {
    answering(409, 'other_content');
    const placing = createSupplier(url).place({ purchaseOrderId: 'po-1', isbn: '9780134685991', quantity: 1 });
    expect(isLasting(await faultOf(placing))).toBe(true);
  });
});

describe('the card gateway', () => {
  it('is a lasting fault when it declines for a reason that is not known here', async () => {
    answering(402, 'moon_in_the_wrong_house');
    const amount = { amount: 100, currency: 'EUR' } as const;
    const charging = createCardGateway(url).charge({ idempotencyKey: 'k', orderId: 'o', amount, card: 'card_secret' });
    expect(isLasting(await faultOf(charging))).toBe(true);
  });

  it.each([403, 503])(
    'says nothing of the card when it answers %i to the question whether it knows it',
    async (status) => {
      answering(status);
      const error = await faultOf(createCardGateway(url).knows('card_secret'));
      expect(error.message).toContain(`${status} to GET /cards/`);
      expect(`${error.message} ${error.stack}`).not.toContain('secret');
    },
  );
});
