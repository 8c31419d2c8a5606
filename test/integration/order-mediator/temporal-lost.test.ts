import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { expect, it } from 'vitest';
import { placeOrder } from '../../../client/place.ts';
import { anOrder } from '../../support/shop.ts';
import { openRig } from '../../support/rig.ts';

it('Temporal’s database removed: the same request again brings no second order and no second charge', async () => {
  const rig = await openRig({ temporal: 'own', nats: true, cardGateway: true, supplier: true, smtpSink: true });
  try {
    await rig.launchWorker('order-mediator', 'processors');
    const connect = async () => {
      const connection = await Connection.connect({ address: rig.temporal.address });
      rig.onClose(() => connection.close());
      return new Client({ connection });
    };
    const finished = anOrder();
    const refused = anOrder({ card: 'card_denied' });
    const client = await connect();
    const place = (on: Client, event = finished) => placeOrder({ client: on, event, deadlineMs: 60_000 });
    const outcome = async (on: Client, event = finished) => {
      const { workflowId, orderId } = await place(on, event);
      return { orderId, ...((await on.workflow.getHandle(workflowId).result()) as object) };
    };
    const first = [await outcome(client), await outcome(client, refused)];

    await rig.temporalServer.kill();
    rmSync(join(rig.folder, 'temporal'), { recursive: true });
    await rig.temporalServer.start();

    const again = await connect();
    expect([await outcome(again), await outcome(again, refused)]).toEqual(first);
    await expect(place(again, { ...finished, customerId: 'c-2' })).rejects.toThrow(/already used/);
    expect(rig.cardGateway.charges()).toHaveLength(1);
    expect(await rig.smtpSink.mails()).toHaveLength(3 + 2);
  } finally {
    await rig.close();
  }
});
