import { describe, expect, it } from 'vitest';
import { composeMail } from '../../../activities/notification/compose-mail.ts';
import { returnMailKinds, type MailAboutReturn, type MailedReturn } from '../../../contracts/notification.ts';

const line = {
  isbn: '9780134685991',
  quantity: 2,
  title: 'Effective <Java>',
  unitPrice: { amount: 4590, currency: 'EUR' },
} as const;

const mail = (kind: MailAboutReturn['kind'], about: Partial<MailedReturn> = {}) =>
  composeMail({
    kind,
    orderId: 'ord-1',
    requestId: 'ord-1/email-customer/1',
    customerId: 'c-1',
    to: { name: 'Anna', email: 'anna@example.com' },
    about: { returnId: 'return-1', lines: [line], ...about },
  });

describe('a mail about a return', () => {
  it.each(returnMailKinds)('names the return and the order in subject, text and HTML: %s', (kind) => {
    const { subject, text, html } = mail(kind);
    for (const part of [subject, text, html]) expect(part).toContain('return-1 of your order ord-1');
  });

  it('says what to send back and until when', () => {
    const { text, html } = mail('return-approved', { deadline: '2026-12-24T10:00:00.000Z' });
    expect(text).toContain('2 x Effective <Java>');
    expect(text).toContain('Thursday 24 December 2026 at 10:00 UTC');
    expect(html).toContain('Effective &lt;Java&gt;');
  });

  it('says why it was declined', () => {
    expect(mail('return-declined', { reason: 'It was used.' }).text).toContain('It was used.');
  });

  it('says what went back to the card, or that nothing did', () => {
    const { text } = mail('return-refunded', { refunded: { amount: 9180, currency: 'EUR' } });
    expect(text).toContain('We take back 2 x Effective <Java>.');
    expect(text).toContain('EUR 91.80');
    const none = mail('return-refunded', { lines: [] }).text;
    expect(none).toContain('We cannot take back any of it.');
    expect(none).toContain('Nothing is given back');
  });

  it('says when and how much had gone back already, and what is given back besides', () => {
    const already = [{ amount: { amount: 4590, currency: 'EUR' }, at: '2026-12-24T10:00:00.000Z' }] as const;
    const { text } = mail('return-refunded', { already });
    expect(text).toContain('We take back 2 x Effective <Java>.');
    expect(text).toContain('EUR 45.90 had gone back to your card already on Thursday 24 December 2026 at 10:00 UTC.');
    expect(text).not.toContain('Nothing');
    const both = mail('return-refunded', { already, refunded: { amount: 500, currency: 'EUR' } }).text;
    expect(both).toContain('EUR 45.90 had gone back to your card already');
    expect(both).toContain('We have given back EUR 5.00 to your card.');
    expect(mail('return-refunded').text).toContain('Nothing is left to give back');
  });

  it.each([
    ['approval', 'still looking at your return'],
    ['parcel', 'waiting for the parcel'],
    ['inspection', 'The parcel of your return'],
  ] as const)('reminds of what it waits for: %s', (waitsFor, words) => {
    expect(mail('return-reminder', { waitsFor }).text).toContain(words);
  });
});
