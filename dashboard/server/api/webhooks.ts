import type { Webhook } from '../../../contracts/webhooks.ts';

export interface WebhookList {
  /** In the order in which they were added; never with a secret. */
  readonly webhooks: readonly Webhook[];
}
