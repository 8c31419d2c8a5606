import type { EmailCustomer, EmailSent, NotificationProcessor } from '../../contracts/notification.ts';
import { temporalActivity, type ActivityContext } from '../kit/activity-context.ts';
import { answerOf } from '../kit/refuse.ts';
import type { NotificationStore } from './store.ts';
import { composeMail, messageIdOf } from './compose-mail.ts';
import type { Mailer, Send } from './mailer.ts';

export interface NotificationPorts {
  readonly mailer: Mailer;
  readonly store: NotificationStore;
  /** The page of an order in the shop, with `{orderId}` in it; mails ask for an answer when it is left out. */
  readonly shopUrl?: string | undefined;
  /** The attempt that asks; Temporal's by default. */
  readonly activity?: () => ActivityContext;
}

/**
 * Records mails that come back, and sends the customer's mails: one per request id, and at most one more for each crash
 * between "handed over" and "marked sent". An attempt that the worker's end cuts off (after its grace), or that hears
 * no answer in time, counts as such a crash.
 */
export const createNotificationProcessor = ({
  mailer,
  store,
  shopUrl,
  activity = temporalActivity,
}: NotificationPorts): NotificationProcessor => ({
  async emailCustomer(command) {
    const { cancellation, log } = activity();
    const { answer, refusedWith } = await mailer.whenFree(
      (send) => sendOnce(store, command, (messageId) => send({ ...composeMail(command, shopUrl), messageId })),
      cancellation,
    );
    if (refusedWith) {
      const { customerId, requestId } = command;
      log.warn(`the mail server refuses the mail for good (${refusedWith})`, { customerId, requestId });
    }
    return answer;
  },
  async recordBounce(command) {
    const { messageId, customerId } = command;
    if (!(await store.bounced(command)))
      return answerOf({ refusal: { type: 'UnknownMail', details: { messageId, customerId } } });
    return { messageId };
  },
});

interface Sending {
  readonly answer: EmailSent;
  /** The server's reason, when it refused the mail just now. */
  readonly refusedWith?: string;
}

/** Claims the sending, sends, and marks the result. While another attempt holds the claim, this one is a fault. */
async function sendOnce(
  store: NotificationStore,
  command: EmailCustomer,
  send: (messageId: string) => ReturnType<Send>,
): Promise<Sending> {
  const { requestId } = command;
  const messageId = messageIdOf(requestId);
  const claim = await store.claim(command, messageId);
  if (claim.outcome === 'busy') throw new Error(`Another attempt is still sending ${requestId}; asking again is safe.`);
  if (claim.outcome !== 'yours') return { answer: { messageId, delivered: claim.outcome === 'sent' } };
  const handover = await send(messageId).catch(async (error: unknown) => {
    await store.giveUp(requestId, claim.claimedAt);
    throw error;
  });
  if (handover.taken) {
    await store.ended(command, 'sent');
    return { answer: { messageId, delivered: true } };
  }
  await store.ended(command, 'refused');
  return { answer: { messageId, delivered: false }, refusedWith: String(handover.code ?? 'not an address') };
}
