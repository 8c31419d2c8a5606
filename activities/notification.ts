import { setTimeout } from 'node:timers/promises';
import type { EmailCustomer, NotificationProcessor } from '../contracts/notification.ts';
import type { NotificationStore } from '../prisma/stores/notification.ts';
import { composeMail } from './notification/compose-mail.ts';
import type { Mailer } from './notification/mailer.ts';
import { messageIdOf } from './notification/message-id.ts';

export interface NotificationPorts {
  readonly mailer: Mailer;
  readonly store: NotificationStore;
}

/** Sends the customer's mails: at most one more than one per request id for each crash between "handed over" and "marked sent". */
export const createNotificationProcessor = ({ mailer, store }: NotificationPorts): NotificationProcessor => ({
  async emailCustomer(command) {
    const messageId = messageIdOf(command.requestId);
    if (await mayBeSent(store, command, messageId)) {
      await mailer.send({ ...composeMail(command), messageId }).catch(async (error: unknown) => {
        await store.giveUp(command.requestId);
        throw error;
      });
      await store.sent(command);
    }
    return { messageId };
  },
});

const waits = { everyMs: 100, atMostMs: 8_000 };

/** Claims the sending. While another attempt holds it, waits for what comes of that. False when the mail was sent already. */
async function mayBeSent(store: NotificationStore, command: EmailCustomer, messageId: string): Promise<boolean> {
  const giveUpAt = Date.now() + waits.atMostMs;
  for (;;) {
    const claim = await store.claim(command, messageId);
    if (claim !== 'busy') return claim === 'yours';
    if (Date.now() > giveUpAt)
      throw new Error(`Another attempt is still sending ${command.requestId}; asking again is safe.`);
    await setTimeout(waits.everyMs);
  }
}
