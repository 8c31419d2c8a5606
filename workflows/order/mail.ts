import type { EmailCustomer, OrderMailKind, MailSubjectMatter } from '../../contracts/notification.ts';
import { answerOf, type Order } from './order.ts';

/** The command to send a mail about the order, with what it tells besides the order itself. */
export function mailCommand(
  order: Order,
  kind: OrderMailKind,
  requestId: string,
  news: Partial<MailSubjectMatter>,
): EmailCustomer {
  const { lines, shipping, total, customer: to } = answerOf(order, 'created');
  const { customerId } = order.start.event;
  return {
    orderId: order.progress.orderId(),
    requestId,
    kind,
    customerId,
    to,
    about: { lines, shipping, total, ...news },
  };
}
