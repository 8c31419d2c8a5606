import { holdReasons } from '../mediators/holds.ts';
import type { FactName } from '../facts.ts';
import { orderStates } from '../mediators/order-mediator.ts';
import { orderMailKinds, returnMailKinds } from '../notification.ts';
import { examples } from './fact-examples.ts';
import {
  bounce,
  customerId,
  list,
  money,
  object,
  oneOf,
  orderId,
  orderLines,
  pricedLines,
  text,
  wholeNumber,
  type CatalogueEntry,
} from './fact-fields.ts';

const { order, pieces, priced, eur } = examples;
const country = text('ISO 3166-1 alpha-2, of the delivery address');
const place = {
  reason: oneOf('why it waits', holdReasons),
  step: wholeNumber('1 to 5'),
  command: text('the command that cannot be done'),
};
const mail = { orderId, customerId, kind: oneOf('the mail', [...orderMailKinds, ...returnMailKinds]) };
const returnId = text('the request id of the return');

/** The facts of orders; the key is the order id. */
export const orderFacts = {
  'order-created': {
    version: 1,
    when: 'Step 1 has committed: the order is accepted, with today’s prices.',
    by: 'order-placement',
    schema: object({ orderId, customerId, country, lines: pricedLines, total: money('with shipping') }),
    example: { ...order, customerId: 'c-1', country: 'SE', lines: priced, total: eur },
  },
  'order-held': {
    version: 1,
    when: 'A command cannot be done: it was refused, or failed past its retry time, or a compensation keeps failing.',
    by: 'order mediator',
    schema: object({
      orderId,
      ...place,
      deadline: text('').nullable().describe('ISO 8601: it is compensated then; null without one'),
    }),
    example: { ...order, reason: 'payment', step: 2, command: 'apply-payment', deadline: '2026-11-26T10:15:30.250Z' },
  },
  'order-resumed': {
    version: 1,
    when: 'A hold has ended, and its command was done.',
    by: 'order mediator',
    schema: object({ orderId, ...place, by: text('the action, or what else ended the hold') }),
    example: { ...order, reason: 'payment', step: 2, command: 'apply-payment', by: 'pay' },
  },
  'order-amended': {
    version: 1,
    when: 'Lines or address have changed, and the order was priced anew.',
    by: 'order-placement',
    schema: object({ orderId, country, lines: pricedLines, total: money('with shipping') }),
    example: { ...order, country: 'SE', lines: priced, total: eur },
  },
  'order-cancelled': {
    version: 1,
    when: 'The order was compensated.',
    by: 'order-placement',
    schema: object({ orderId, reason: text('one sentence for people') }),
    example: { ...order, reason: 'The customer has cancelled the order.' },
  },
  'order-completed': {
    version: 1,
    when: 'All five steps are done, and the order’s working state is removed.',
    by: 'order mediator',
    schema: object({ orderId, outcome: oneOf('how it ended', ['completed', 'cancelled']) }),
    example: { ...order, outcome: 'completed' },
  },
  'order-restored': {
    version: 1,
    when: 'The shop was restored from backups, and facts were told of this order that the shop does not know any more: this is what it knows. What is told after it happens anew.',
    by: 'restore-check',
    schema: object({
      orderId,
      state: oneOf('by the mediator store; `unknown`: the shop has no such order any more', orderStates),
      holds: list('what it waits for', oneOf('a reason', holdReasons)),
      facts: list('the facts of the order that the shop still knows, in their sequence', text('a name')),
      shipment: object({ carrier: text('its name'), trackingNumber: text('of the carrier') })
        .nullable()
        .describe('null when no carrier has it, by what the shop knows'),
    }),
    example: { ...order, state: 'open', holds: [], facts: ['order-created', 'payment-applied'], shipment: null },
  },
  'email-sent': {
    version: 1,
    when: 'The mail server has taken a mail about the order or a return.',
    by: 'notification',
    schema: object(mail),
    example: { ...order, customerId: 'c-1', kind: 'confirmation' },
  },
  'email-refused': {
    version: 1,
    when: 'The mail server has refused a mail about the order or a return for good. The order goes on.',
    by: 'notification',
    schema: object(mail),
    example: { ...order, customerId: 'c-1', kind: 'confirmation' },
  },
  'email-bounced': {
    version: 1,
    when: 'A mail about the order or a return came back after the mail server had taken it. The order goes on.',
    by: 'notification',
    schema: object({ ...mail, ...bounce }),
    example: { ...order, customerId: 'c-1', kind: 'confirmation', ...examples.bounce },
  },
  'return-opened': {
    version: 1,
    when: 'Pieces of a completed order may go back: they are set aside for this return.',
    by: 'order-placement',
    schema: object({ orderId, returnId, lines: orderLines('what is to go back') }),
    example: { ...order, returnId: 'return-0001', lines: pieces },
  },
  'return-closed': {
    version: 1,
    when: 'The return has ended.',
    by: 'order-placement',
    schema: object({
      orderId,
      returnId,
      outcome: oneOf('how it ended', ['completed', 'declined', 'lapsed']),
      lines: orderLines('what was accepted; none when it was declined or has lapsed'),
    }),
    example: { ...order, returnId: 'return-0001', outcome: 'completed', lines: pieces },
  },
} as const satisfies { readonly [Name in FactName]?: CatalogueEntry<Name> };
