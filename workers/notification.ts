import { createNotificationProcessor } from '../activities/notification/processor.ts';
import { createMailer } from '../activities/notification/mailer.ts';
import { channels } from '../contracts/channels.ts';
import { createNotificationStore } from '../activities/notification/store.ts';
import { startProcessor } from './start-processor.ts';

/** One worker of `notification`: sends the customer's mails. */
export const start = startProcessor('notification', channels.notification, (database, { smtpUrl }) => {
  const mailer = createMailer(smtpUrl);
  const processor = createNotificationProcessor({ mailer, store: createNotificationStore(database) });
  return { processor, release: mailer.close };
});
