import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerWorkflowId, repairWorkflowId } from '../../../contracts/ids.ts';
import { startQueued } from '../../support/queued-event.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';

const address = {
  name: 'Jo Berg',
  street: '2 Hill Road',
  city: 'Bergen',
  postcode: '5003',
  country: 'NO' as const,
};

const jo = (customerId: string) => ({ customerId, name: 'Jo Berg', email: `${customerId}@example.com` });

describe('the customer mediator', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop({ nats: true }, [['customer-mediator', 'processors']]);
  });
  afterAll(() => shop.close());

  const customer = async (customerId: string) =>
    (
      await shop.sql('SELECT name, email, address FROM order_placement.customer WHERE customer_id = $1', [customerId])
    )[0];
  const mailsTo = async (email: string) =>
    (await shop.rig.smtpSink.mails())
      .filter(({ text }) => text.includes('Welcome'))
      .filter((mail) => mail.to.includes(email));
  /** The row of a case is there before its workflow. */
  const isRunning = (workflowId: string) =>
    until(async () => (await shop.client.workflow.getHandle(workflowId).describe()).status.name === 'RUNNING', {
      what: `${workflowId} to run`,
    });

  it('creates the customer, welcomes them, and completes the event, which keeps no bytes', async () => {
    const event = await startQueued(shop, 'customer-registered', jo('new-1'));
    expect(await event.end()).toEqual({ outcome: 'completed' });
    expect(await customer('new-1')).toEqual({ name: 'Jo Berg', email: 'new-1@example.com', address: null });
    expect(await mailsTo('new-1@example.com')).toHaveLength(1);
    expect(await shop.factsOf('new-1')).toEqual(['customer-created', 'customer-emailed']);
    expect(await event.row()).toEqual({
      state: 'complete',
      outcome: 'completed',
      mediator_class: 'simple',
      case_id: null,
      has_body: false,
    });
  });

  it('has a short history: it is one of very many', async () => {
    const event = await startQueued(shop, 'address-changed', { customerId: 'c-3', address });
    await event.end();
    const { events } = await shop.client.workflow.getHandle(event.workflowId).fetchHistory();
    expect(events?.length).toBeLessThanOrEqual(14);
  });

  it('takes the same customer again, without a second fact or a second welcome', async () => {
    for (const id of ['twice-1', 'twice-2']) {
      const event = await startQueued(shop, 'customer-registered', jo('twice'), { id });
      expect(await event.end()).toEqual({ outcome: 'completed' });
    }
    expect(await shop.factsOf('twice')).toEqual(['customer-created', 'customer-emailed']);
    expect(await mailsTo('twice@example.com')).toHaveLength(1);
  });

  it('stores where a customer lives', async () => {
    const event = await startQueued(shop, 'address-changed', { customerId: 'c-2', address });
    expect(await event.end()).toEqual({ outcome: 'completed' });
    expect(await customer('c-2')).toMatchObject({ address });
    expect(await shop.factsOf('c-2')).toEqual(['customer-address-changed']);
    expect(await event.row()).toMatchObject({ state: 'complete' });
  });

  it('makes an erroneous event of an id that is somebody else’s: a case with the bytes, whose workflow runs', async () => {
    const body = { ...jo('c-1'), name: 'Somebody Else' };
    const event = await startQueued(shop, 'customer-registered', body);
    expect(await event.end()).toBe(
      'The customer id c-1 is registered with another name or mail address: take another id, or send those.',
    );
    const row = await event.row();
    expect(row).toMatchObject({ state: 'dead-lettered', outcome: 'refused', has_body: true });
    const [kept] = await shop.sql<{ body: Buffer; reason: string; message: string; subject: string }>(
      'SELECT body, reason, message, subject FROM repair.case WHERE case_id = $1',
      [row.case_id],
    );
    expect(JSON.parse(String(kept?.body))).toEqual(body);
    expect(kept).toMatchObject({ reason: 'refused', subject: 'customer.event.customer-registered' });
    await isRunning(repairWorkflowId(row.case_id as string));
    expect(await customer('c-1')).not.toMatchObject({ name: 'Somebody Else' });
  });

  it('brings a resubmitted event that is refused again back to the same case, also when the case had ended', async () => {
    const first = await startQueued(shop, 'address-changed', { customerId: 'nobody', address }, { id: 'moved' });
    expect(await first.end()).toBe('There is no customer nobody.');
    const { case_id: caseId } = await first.row();
    await isRunning(repairWorkflowId(caseId as string));
    await shop.client.workflow.getHandle(repairWorkflowId(caseId as string)).terminate();
    const body = { customerId: 'nobody-either', address };
    const again = await startQueued(shop, 'address-changed', body, { id: 'moved~1', caseId });
    await again.end();
    expect(await again.row()).toMatchObject({ state: 'dead-lettered', case_id: caseId });
    const returned = `SELECT FROM repair.case WHERE case_id = $1 AND state = 'repairing' AND message = $2`;
    const isReturned = async () =>
      (await shop.sql(returned, [caseId, 'There is no customer nobody-either.'])).length === 1;
    await until(isReturned, { what: 'the case to have its event again' });
    await isRunning(repairWorkflowId(caseId as string));
    const third = await startQueued(shop, 'address-changed', body, { id: 'moved~2', caseId });
    await third.end();
    expect(await third.row()).toMatchObject({ state: 'dead-lettered', case_id: caseId });
    await isRunning(repairWorkflowId(caseId as string));
  });

  it('is not cut off by a cancel from Temporal', async () => {
    const letGo = await shop.holdTables('order_placement.customer');
    const event = await startQueued(shop, 'customer-registered', jo('cancelled'), { id: 'not-cut-off' });
    await shop.allWaitFor('order_placement.customer');
    await shop.client.workflow.getHandle(customerWorkflowId('cancelled')).cancel();
    await letGo();
    expect(await event.end()).toEqual({ outcome: 'completed' });
  });
});
