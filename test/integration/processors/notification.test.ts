import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNotificationProcessor } from '../../../activities/notification/processor.ts';
import { createMailer, type Mailer } from '../../../activities/notification/mailer.ts';
import { orderMailKinds, type NotificationProcessor } from '../../../contracts/notification.ts';
import { createNotificationStore } from '../../../activities/notification/store.ts';
import type { MailEntry } from '../../../stack/smtp-sink/mails.ts';
import { anEmail as email, claimRunsOut, outsideTemporal } from './mailing.ts';
import { anOrderId, atOnce, openWorkbench, type Workbench } from './workbench.ts';
import { messageIdOf } from '../../../activities/notification/compose-mail.ts';

let bench: Workbench;
let mailer: Mailer;
let processor: NotificationProcessor;
beforeAll(async () => {
  bench = await openWorkbench({ smtpSink: true });
  mailer = createMailer(bench.rig.smtpSink.url);
  processor = createNotificationProcessor({
    mailer,
    store: createNotificationStore(bench.database),
    activity: outsideTemporal,
  });
});
afterAll(async () => {
  mailer.close();
  await bench.close();
});

const letClaimExpire = (requestId: string) => claimRunsOut(bench, requestId);
const mailsOf = async (orderId: string) =>
  (await bench.rig.smtpSink.mails()).filter((mail) => mail.subject.includes(orderId));
/** The mail's header block as it came in: what is below an empty line is body. */
const headersOf = async (messageId: string) => {
  const ledger = await fetch(`http://127.0.0.1:${bench.rig.smtpSink.ports['http']}/ledger`);
  const raw = ((await ledger.json()) as MailEntry[]).map((entry) => entry.raw).find((text) => text.includes(messageId));
  return raw?.slice(0, raw.indexOf('\r\n\r\n')).split('\r\n') ?? [];
};

describe('email-customer', () => {
  it('sends one mail under the Message-ID of its request, and answers the same again', async () => {
    const command = email();
    const messageId = messageIdOf(command.requestId);
    expect(await processor.emailCustomer(command)).toEqual({ messageId, delivered: true });
    await letClaimExpire(command.requestId);
    expect(await processor.emailCustomer(command)).toEqual({ messageId, delivered: true });
    const mails = await mailsOf(command.orderId);
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({ messageId });
    expect(mails[0]?.text).toContain('Effective Java');
    expect(mails[0]?.html).toContain('Effective Java');
    expect(await bench.factsOf(command.orderId)).toEqual(['email-sent']);
  });

  it('sends a mail that is about no order, and tells it under the customer', async () => {
    const to = { name: 'Jo Berg', email: 'jo@example.com' };
    const command = { requestId: 'customer/s/1/email-customer/1', kind: 'welcome', customerId: 'c-8', to } as const;
    for (const _ of [1, 2]) expect(await processor.emailCustomer(command)).toMatchObject({ delivered: true });
    expect((await bench.rig.smtpSink.mails()).filter(({ subject }) => subject.startsWith('Welcome'))).toHaveLength(1);
    expect(await bench.factsOf('c-8')).toEqual(['customer-emailed']);
    const [fact] = await bench.sql(`SELECT area, body FROM outbox.fact WHERE key = 'c-8'`);
    expect(fact).toEqual({ area: 'customers', body: { customerId: 'c-8', kind: 'welcome' } });
  });

  it('sends one mail when asked 20 times at once', async () => {
    const command = email();
    const attempts = await atOnce(20, () =>
      processor.emailCustomer(command).then(
        ({ delivered }) => delivered,
        (fault: unknown) => String(fault),
      ),
    );
    expect(attempts).toContain(true);
    expect(attempts.filter((attempt) => attempt !== true && !/still sending/.test(String(attempt)))).toEqual([]);
    expect(await mailsOf(command.orderId)).toHaveLength(1);
    expect(await bench.factsOf(command.orderId)).toEqual(['email-sent']);
  });

  it('sends each kind once', async () => {
    const orderId = anOrderId();
    for (const kind of orderMailKinds) await processor.emailCustomer(email({ orderId, kind }));
    expect(await mailsOf(orderId)).toHaveLength(orderMailKinds.length);
    expect(await bench.factsOf(orderId)).toHaveLength(orderMailKinds.length);
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
    const command = email({
      orderId,
      to: { name, email: 'eve@example.com' },
      about: { ...email().about, lines: [line] },
    });
    const { messageId } = await processor.emailCustomer(command);
    const [mail] = await mailsOf(orderId);
    expect(mail?.to).toBe('eve@example.com');
    expect(mail?.html).not.toMatch(/<script|<b>/);
    expect(mail?.html).toContain('&lt;script&gt;');
    expect(mail?.text).toContain('<b>Bold X-Evil: 1');
    const headers = await headersOf(messageId);
    expect(headers.filter((header) => /^(to|subject|message-id):/i.test(header))).toHaveLength(3);
    expect(headers.filter((header) => /^(bcc|cc|x-)/i.test(header))).toEqual(['X-Customer-ID: c-1']);
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
    const killed = { ...store, ended: () => Promise.reject(new Error('killed')) };
    await createNotificationProcessor({ mailer, store: killed, activity: outsideTemporal })
      .emailCustomer(command)
      .catch(() => undefined);
    await letClaimExpire(command.requestId);
    await Promise.allSettled(Array.from({ length: 5 }, () => processor.emailCustomer(command)));
    const mails = await mailsOf(command.orderId);
    expect(mails).toHaveLength(2);
    expect(new Set(mails.map((mail) => mail.messageId)).size).toBe(1);
    expect(await bench.factsOf(command.orderId)).toEqual(['email-sent']);
  });
});
