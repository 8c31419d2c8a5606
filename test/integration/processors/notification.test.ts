import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNotificationProcessor } from '../../../activities/notification.ts';
import { createMailer, type Mailer } from '../../../activities/notification/mailer.ts';
import { messageIdOf } from '../../../activities/notification/message-id.ts';
import { mailKinds, type EmailCustomer, type NotificationProcessor } from '../../../contracts/notification.ts';
import { createNotificationStore } from '../../../prisma/stores/notification.ts';
import { anOrderId, atOnce, isbns, openWorkbench, type Workbench } from './workbench.ts';

let bench: Workbench;
let mailer: Mailer;
let processor: NotificationProcessor;
beforeAll(async () => {
  bench = await openWorkbench({ smtpSink: true });
  mailer = createMailer(bench.rig.smtpSink.url);
  processor = createNotificationProcessor({ mailer, store: createNotificationStore(bench.database) });
});
afterAll(async () => {
  mailer.close();
  await bench.close();
});

const email = (changes: Partial<EmailCustomer> = {}): EmailCustomer => {
  const orderId = changes.orderId ?? anOrderId();
  const kind = changes.kind ?? 'confirmation';
  return {
    requestId: `${orderId}/email-customer/${kind}/1`,
    orderId,
    kind,
    customerId: 'c-1',
    to: { name: 'Anna Lindqvist', email: 'anna.lindqvist@example.com' },
    about: {
      lines: [
        { isbn: isbns.plenty, quantity: 1, title: 'Effective Java', unitPrice: { amount: 4590, currency: 'EUR' } },
      ],
      shipping: { amount: 490, currency: 'EUR' },
      total: { amount: 5080, currency: 'EUR' },
    },
    ...changes,
  };
};
const letClaimExpire = (requestId: string) =>
  bench.sql(`UPDATE notification.mail SET claimed_at = now() - interval '11 seconds' WHERE request_id = $1`, [
    requestId,
  ]);
const mailsOf = async (orderId: string) =>
  (await bench.rig.smtpSink.mails()).filter((mail) => mail.subject.includes(orderId));

describe('email-customer', () => {
  it('sends one mail under the Message-ID of its request, and answers the same again', async () => {
    const command = email();
    const messageId = messageIdOf(command.requestId);
    expect(await processor.emailCustomer(command)).toEqual({ messageId });
    await letClaimExpire(command.requestId);
    expect(await processor.emailCustomer(command)).toEqual({ messageId });
    const mails = await mailsOf(command.orderId);
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({ messageId });
    expect(mails[0]?.text).toContain('Effective Java');
    expect(mails[0]?.html).toContain('Effective Java');
    expect(await bench.factsOf(command.orderId)).toEqual(['email-sent']);
  });

  it('sends one mail when asked 20 times at once', async () => {
    const command = email();
    await atOnce(20, () => processor.emailCustomer(command));
    expect(await mailsOf(command.orderId)).toHaveLength(1);
    expect(await bench.factsOf(command.orderId)).toEqual(['email-sent']);
  });

  it('sends each kind once', async () => {
    const orderId = anOrderId();
    for (const kind of mailKinds) await processor.emailCustomer(email({ orderId, kind }));
    expect(await mailsOf(orderId)).toHaveLength(mailKinds.length);
    expect(await bench.factsOf(orderId)).toHaveLength(mailKinds.length);
  });

  it('keeps line breaks and markup of names as text, out of headers and HTML', async () => {
    const orderId = anOrderId();
    const name = 'Eve\r\nBcc: everybody@example.com <script>';
    const line = {
      isbn: '1',
      quantity: 1,
      title: '</li><b>Bold\r\nX-Evil: 1',
      unitPrice: { amount: 1, currency: 'EUR' },
    } as const;
    await processor.emailCustomer(
      email({ orderId, to: { name, email: 'eve@example.com' }, about: { ...email().about, lines: [line] } }),
    );
    const [mail] = await mailsOf(orderId);
    expect(JSON.stringify(mail?.to)).not.toContain('everybody@example.com"');
    expect(mail?.html).not.toMatch(/<script|<b>/);
    expect(mail?.html).toContain('&lt;script&gt;');
    expect(mail?.text).toContain('<b>Bold X-Evil: 1');
    const raw = await bench.rig.smtpSink.mails();
    expect(raw.filter((one) => JSON.stringify(one.to).includes('everybody') && !one.subject.includes(orderId))).toEqual(
      [],
    );
  });

  it('is a fault while the mail server is away, and sends at once when it is back', async () => {
    const command = email();
    await bench.rig.smtpSink.kill();
    await expect(processor.emailCustomer(command)).rejects.toThrow();
    expect(await bench.factsOf(command.orderId)).toEqual([]);
    await bench.rig.smtpSink.start();
    const begun = Date.now();
    await processor.emailCustomer(command);
    expect(Date.now() - begun).toBeLessThan(5_000);
    expect(await mailsOf(command.orderId)).toHaveLength(1);
  });

  it('sends at most one more after a crash between handing over and marking', async () => {
    const command = email();
    const store = createNotificationStore(bench.database);
    // The attempt that dies: it has claimed and handed over, and never comes to mark.
    await createNotificationProcessor({ mailer, store: { ...store, sent: () => Promise.reject(new Error('killed')) } })
      .emailCustomer(command)
      .catch(() => undefined);
    await letClaimExpire(command.requestId);
    await atOnce(5, () => processor.emailCustomer(command));
    const mails = await mailsOf(command.orderId);
    expect(mails).toHaveLength(2);
    expect(new Set(mails.map((mail) => mail.messageId)).size).toBe(1);
    expect(await bench.factsOf(command.orderId)).toEqual(['email-sent']);
  });
});
