import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMailer, type Mailer } from '../../../activities/notification/mailer.ts';
import { createNotificationProcessor } from '../../../activities/notification/processor.ts';
import { createNotificationStore } from '../../../activities/notification/store.ts';
import type { NotificationProcessor } from '../../../contracts/notification.ts';
import { anEmail, outsideTemporal } from './mailing.ts';
import { atOnce, expectRefusal, openWorkbench, type Workbench } from './workbench.ts';

let bench: Workbench;
let mailer: Mailer;
let processor: NotificationProcessor;
beforeAll(async () => {
  bench = await openWorkbench({ smtpSink: true });
  mailer = createMailer(bench.rig.smtpSink.url);
  const store = createNotificationStore(bench.database);
  processor = createNotificationProcessor({ mailer, store, activity: outsideTemporal });
});
afterAll(async () => {
  mailer?.close();
  await bench.close();
});

const bounced = (messageId: string, event = 'b-1', customerId = 'c-1', status = '5.1.1') =>
  processor.recordBounce({ requestId: `event/mails/${event}/record-bounce/1`, customerId, messageId, status });

describe('record-bounce', () => {
  it('tells that a mail came back once, whichever and however many events say so', async () => {
    const command = anEmail();
    const { messageId } = await processor.emailCustomer(command);
    const answers = await atOnce(10, (index) => bounced(messageId, `b-${index % 2}`));
    expect(answers).toEqual(Array.from({ length: 10 }, () => ({ messageId })));
    expect(await bench.factsOf(command.orderId)).toEqual(['email-sent', 'email-bounced']);
    const [mail] = await bench.sql<{ sent: Date; status: string }>(
      'SELECT sent_at AS sent, bounce_status AS status FROM notification.mail WHERE message_id = $1 AND bounced_at IS NOT NULL',
      [messageId],
    );
    const [fact] = await bench.sql<{ area: string; body: { sentAt: string }; cause: string }>(
      `SELECT area, body, causation_id AS cause FROM outbox.fact WHERE key = $1 AND name = 'email-bounced'`,
      [command.orderId],
    );
    expect(mail?.status).toBe('5.1.1');
    const { orderId, customerId, kind } = command;
    expect(fact).toMatchObject({ area: 'orders', body: { orderId, customerId, kind, status: '5.1.1' } });
    expect(fact?.cause).toMatch(/^event\/mails\/b-[01]\/record-bounce\/1$/);
    expect(new Date(fact?.body.sentAt ?? '').toISOString()).toBe(mail?.sent.toISOString());
  });

  it('tells of a mail about no order under its customer, with the event as its request', async () => {
    const to = { name: 'Jo Berg', email: 'jo@example.com' };
    const welcome = { requestId: 'event/s/1/email-customer/1', kind: 'welcome', customerId: 'c-8', to } as const;
    const { messageId } = await processor.emailCustomer(welcome);
    await bounced(messageId, 'b-9', 'c-8', '4.2.2');
    expect(await bench.factsOf('c-8')).toEqual(['customer-emailed', 'customer-email-bounced']);
    const [fact] = await bench.sql(
      `SELECT area, body, correlation_id AS request FROM outbox.fact WHERE name = 'customer-email-bounced'`,
    );
    expect(fact).toEqual({
      area: 'customers',
      body: { customerId: 'c-8', kind: 'welcome', status: '4.2.2', sentAt: expect.any(String) },
      request: 'mails/b-9',
    });
  });

  it('refuses a mail that was not sent, or not to this customer', async () => {
    const command = anEmail();
    const { messageId } = await processor.emailCustomer(command);
    for (const [message, customerId] of [
      ['<1@example.com>', 'c-1'],
      [messageId, 'c-2'],
    ] as const)
      // prettier-ignore
      await expectRefusal(bounced(message, 'b-1', customerId), 'UnknownMail', { messageId: message, customerId });
    expect(await bench.factsOf(command.orderId)).toEqual(['email-sent']);
  });

  it('takes a bounce that comes before the sender has marked its mail sent, which it may still do', async () => {
    const store = createNotificationStore(bench.database);
    const command = anEmail();
    await store.claim(command, '<early@order-mediator.example>');
    await bounced('<early@order-mediator.example>');
    await store.ended(command, 'sent');
    expect(await bench.factsOf(command.orderId)).toEqual(['email-bounced', 'email-sent']);
  });
});
