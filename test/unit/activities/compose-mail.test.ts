import { describe, expect, it } from 'vitest';
import { composeMail, messageIdOf } from '../../../activities/notification/compose-mail.ts';
import {
  orderMailKinds,
  type MailAboutOrder,
  type MailedHold,
  type OrderMailKind,
} from '../../../contracts/notification.ts';

const command = (
  kind: OrderMailKind,
  changes: Partial<MailAboutOrder['about']> = {},
  name = 'Anna Lindqvist',
): MailAboutOrder => ({
  requestId: `ord-1/email-customer/${kind}/1`,
  orderId: 'ord-1',
  kind,
  customerId: 'c-1',
  to: { name, email: 'anna@example.com' },
  about: {
    lines: [
      { isbn: '9780134685991', quantity: 2, title: 'Effective Java', unitPrice: { amount: 4590, currency: 'EUR' } },
    ],
    shipping: { amount: 490, currency: 'EUR' },
    total: { amount: 9670, currency: 'EUR' },
    ...changes,
  },
});

describe('composing mails', () => {
  it.each(orderMailKinds)('names the order in subject, text and HTML of a %s mail', (kind) => {
    const mail = composeMail(command(kind));
    for (const part of [mail.subject, mail.text, mail.html]) expect(part).toContain('ord-1');
  });

  it('welcomes a customer, and lists nothing', () => {
    const to = { name: 'Jo <b>Berg</b>', email: 'jo@example.com' };
    const mail = composeMail({ requestId: 'customer/s/1/email-customer/1', kind: 'welcome', customerId: 'c-77', to });
    expect(mail).toMatchObject({ subject: 'Welcome to the bookshop', to: { address: 'jo@example.com' } });
    for (const part of [mail.text, mail.html]) expect(part).toContain('c-77');
    expect(mail.html).toContain('Jo &lt;b&gt;Berg&lt;/b&gt;');
    expect(mail.html).not.toContain('<ul>');
    expect(mail.text).not.toContain('Total');
  });

  it('lists lines and amounts in a confirmation', () => {
    const { text, html } = composeMail(command('confirmation'));
    for (const part of ['2 x Effective Java', 'EUR 45.90', 'EUR 4.90', 'EUR 96.70']) {
      expect(text).toContain(part);
      expect(html).toContain(part);
    }
  });

  it('tells carrier and tracking number when shipped', () => {
    const { text } = composeMail(command('shipped', { carrier: 'Northway Parcel', trackingNumber: 'OM123' }));
    expect(text).toContain('Northway Parcel');
    expect(text).toContain('OM123');
  });

  it('tells of a cancelled order what had gone back already, and not that nothing was charged', () => {
    const already = [{ amount: { amount: 9670, currency: 'EUR' }, at: '2026-12-24T10:00:00.000Z' }] as const;
    const { text } = composeMail(command('cancelled', { already }));
    expect(text).toContain('EUR 96.70 had gone back to your card already on Thursday 24 December 2026 at 10:00 UTC.');
    expect(text).not.toContain('has not been charged');
    expect(text).not.toContain('We have given back');
  });

  it('tells why it was cancelled, and what went back', () => {
    const refunded = { amount: 9670, currency: 'EUR' } as const;
    const { text } = composeMail(command('cancelled', { reason: 'The card was declined.', refunded }));
    expect(text).toContain('The card was declined.');
    expect(text).toContain('given back EUR 96.70');
  });

  it('says that nothing was charged when nothing went back', () => {
    expect(composeMail(command('cancelled')).text).toContain('has not been charged');
  });

  it('keeps line breaks of a name out of every header', () => {
    const mail = composeMail(command('confirmation', {}, 'Eve\r\nBcc: all@example.com\u2028x'));
    expect(mail.to.name).toBe('Eve Bcc: all@example.com x');
    expect(mail.subject).not.toMatch(/[\r\n]/);
    expect(mail.text).not.toContain('\r');
  });

  it('shows markup as text in HTML', () => {
    const line = {
      isbn: '1',
      quantity: 1,
      title: '<img src=x onerror=alert(1)>',
      unitPrice: { amount: 1, currency: 'EUR' },
    } as const;
    const { html, text } = composeMail(command('confirmation', { lines: [line] }, '<script>"&\'</script>'));
    expect(html).not.toMatch(/<script|<img/);
    expect(html).toContain('&lt;script&gt;&quot;&amp;&#39;&lt;/script&gt;');
    expect(text).toContain('<script>');
  });

  it('gives a request id the same Message-ID every time, and another one another', () => {
    expect(messageIdOf('a/1')).toBe(messageIdOf('a/1'));
    expect(messageIdOf('a/1')).not.toBe(messageIdOf('a/2'));
    expect(messageIdOf('x\r\ny')).toMatch(/^<[0-9a-f]{40}@order-mediator\.example>$/);
  });
});

const deadline = '2026-11-26T07:05:59.000Z';
const waiting = (
  reason: MailedHold['reason'],
  kind: 'held' | 'reminder' = 'held',
  message = 'The card was declined.',
  shopUrl?: string,
) => composeMail(command(kind, { hold: { reason, message, deadline } }), shopUrl);

describe('mails about an order that waits', () => {
  it.each<[MailedHold['reason'], string, readonly string[]]>([
    ['approval', 'is being looked at', ['need not do anything', 'change its lines, or cancel it', 'answer this mail']],
    [
      'payment',
      'could not charge',
      ['a new card, or another way to pay', 'never put the number of a card into a mail'],
    ],
    ['stock', 'waiting for titles', ['need not do anything', 'change its lines, or cancel it', 'answer this mail']],
    ['address', 'cannot deliver', ['give us another one', 'answer this mail']],
    ['packing', 'is delayed', ['on our side', 'need not do anything']],
    ['fault', 'is delayed', ['on our side', 'need not do anything']],
  ])('say of %s what would help and how, until when, and what happens then', (reason, subject, parts) => {
    const mail = waiting(reason);
    expect(mail.subject).toContain(subject);
    const always = ['until Thursday 26 November 2026 at 07:05 UTC', 'we cancel the order'];
    for (const part of [...parts, ...always]) for (const body of [mail.text, mail.html]) expect(body).toContain(part);
  });

  it.each(['approval', 'payment', 'stock', 'address'] as const)(
    'lead to the shop, when it has a page: %s',
    (reason) => {
      const { text, html } = waiting(reason, 'held', 'Why.', 'https://shop.example/my?order={orderId}&lang=en');
      expect(text).toContain('You can do that here: https://shop.example/my?order=ord-1&lang=en\n');
      expect(html).toContain('<a href="https://shop.example/my?order=ord-1&amp;lang=en">');
      expect(text + html).not.toContain('answer this mail');
    },
  );

  it.each(['packing', 'fault'] as const)('lead nowhere when there is nothing to do: %s', (reason) => {
    expect(waiting(reason, 'held', 'Why.', 'https://shop.example/{orderId}').text).not.toContain('http');
  });

  it.each(orderMailKinds)('say nothing of a command line: %s', (kind) => {
    for (const reason of ['approval', 'payment', 'stock', 'address', 'packing', 'fault'] as const) {
      const { text, html } = composeMail(command(kind, { hold: { reason, message: 'Why.', deadline } }));
      expect(text + html).not.toMatch(/npm|client|--/);
    }
  });

  it.each(['payment', 'stock', 'address'] as const)('say of %s what the processor said', (reason) => {
    expect(waiting(reason).text).toContain('The card was declined.');
  });

  it.each(['packing', 'fault'] as const)('keep to themselves what our own machinery said when it is %s', (reason) => {
    const { subject, text, html } = waiting(reason, 'held', 'The card gateway answered 400 to POST /charges.');
    expect(`${subject} ${text} ${html}`).not.toContain('gateway');
  });

  it('say of a reminder that it is one', () => {
    const mail = waiting('payment', 'reminder');
    expect(mail.subject).toBe('Reminder: We could not charge your order ord-1');
    expect(mail.text).toContain('This is a reminder.');
    expect(waiting('payment').text).not.toContain('reminder');
  });

  it('show markup in what the processor said as text, on one line', () => {
    const { html, text } = waiting('payment', 'held', '<b>no</b>\r\nBcc: x');
    expect(html).toContain('&lt;b&gt;no&lt;/b&gt; Bcc: x');
    expect(text).toContain('<b>no</b> Bcc: x');
  });
});
