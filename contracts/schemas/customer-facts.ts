import type { FactName } from '../facts.ts';
import { refusalTypes } from '../failures.ts';
import { customerMailKinds } from '../notification.ts';
import { examples } from './fact-examples.ts';
import {
  bounce,
  customerId,
  list,
  object,
  oneOf,
  orderId,
  text,
  wholeNumber,
  type CatalogueEntry,
} from './fact-fields.ts';

const reason = oneOf('why', refusalTypes);
const mailKind = oneOf('the mail', customerMailKinds);

/** The facts of customers; the key is the customer id. */
export const customerFacts = {
  'customer-created': {
    version: 1,
    when: 'The customer is registered.',
    by: 'order-placement',
    schema: object({ customerId }),
    example: { customerId: 'c-1' },
  },
  'customer-address-changed': {
    version: 1,
    when: 'The customer’s address is another one than before.',
    by: 'order-placement',
    schema: object({ customerId, country: text('ISO 3166-1 alpha-2, of the new address') }),
    example: { customerId: 'c-1', country: 'SE' },
  },
  'customer-emailed': {
    version: 1,
    when: 'The mail server has taken a mail that is about no order.',
    by: 'notification',
    schema: object({ customerId, kind: mailKind }),
    example: { customerId: 'c-1', kind: 'welcome' },
  },
  'customer-email-refused': {
    version: 1,
    when: 'The mail server has refused a mail that is about no order for good.',
    by: 'notification',
    schema: object({ customerId, kind: mailKind }),
    example: { customerId: 'c-1', kind: 'welcome' },
  },
  'customer-email-bounced': {
    version: 1,
    when: 'A mail that is about no order came back after the mail server had taken it.',
    by: 'notification',
    schema: object({ customerId, kind: mailKind, ...bounce }),
    example: { customerId: 'c-1', kind: 'welcome', ...examples.bounce },
  },
  'customer-email-changed': {
    version: 1,
    when: 'The customer’s mail address is another one than before: mails are taken to reach it.',
    by: 'order-placement',
    schema: object({ customerId }),
    example: { customerId: 'c-1' },
  },
  'customer-marked-unreachable': {
    version: 1,
    when: 'Mails do not reach the customer, until the mail address is changed.',
    by: 'order-placement',
    schema: object({ customerId, since: text('ISO 8601; when the first mail that came back was sent') }),
    example: { customerId: 'c-1', since: examples.bounce.sentAt },
  },
  'event-refused': {
    version: 1,
    when: 'The mediator of an event of the customer-event queue has refused it; it has a repair case.',
    by: 'the event’s mediator',
    schema: object({
      customerId,
      name: text('the event’s name'),
      source: text('as it was sent'),
      id: text('as it was sent'),
      reason,
      caseId: text('the repair case'),
    }),
    example: {
      customerId: 'c-1',
      name: 'place-order',
      source: 'urn:example:web-shop',
      id: 'e-1',
      reason: 'UnknownTitle',
      caseId: 'customer-event-queue-tpa5qy-6',
    },
  },
  'request-refused': {
    version: 1,
    when: 'A request of the client was refused at its first step: nothing is kept of it, and it may come again, corrected.',
    by: 'order mediator, returns mediator',
    schema: object({
      customerId,
      name: text('`place-order` or `return-requested`'),
      requestId: text('as it was sent'),
      reason,
    }),
    example: { customerId: 'c-1', name: 'place-order', requestId: 'request-0001', reason: 'UnknownTitle' },
  },
  'fraud-suspected': {
    version: 1,
    when: 'Three cards of the customer were declined within ten minutes (`FRAUD_DECLINES`, `FRAUD_WITHIN`). It is told once for such a window.',
    by: 'fraud-watch',
    schema: object({
      customerId,
      orderIds: list('the orders whose cards were declined', orderId),
      declinedSince: text('ISO 8601; the first decline of the window'),
      declines: wholeNumber('declined cards in the window when it was told'),
    }),
    example: {
      customerId: 'c-1',
      orderIds: ['ord-0123456789abcdef0123'],
      declinedSince: '2026-11-23T10:15:30.250000Z',
      declines: 3,
    },
  },
} as const satisfies { readonly [Name in FactName]?: CatalogueEntry<Name> };
