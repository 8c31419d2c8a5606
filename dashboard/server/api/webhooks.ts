import type { Webhook } from '../../../contracts/outside/webhooks.ts';

export interface WebhookList {
  /** In the order in which they were added; never with a secret. */
  readonly webhooks: readonly Webhook[];
}
