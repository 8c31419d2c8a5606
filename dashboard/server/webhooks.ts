import { listWebhooks } from '../../app/reads/webhooks.ts';
import {
  addWebhook,
  changeWebhook,
  removeWebhook,
  rotateWebhook,
  switchWebhookOff,
  switchWebhookOn,
  type WebhookSources,
} from '../../app/webhooks.ts';
import type { Webhooks } from './ports.ts';

/** The endpoints that get facts by HTTP, and the actions on them. */
export const createWebhooks = (sources: WebhookSources): Webhooks => ({
  list: async () => ({ webhooks: await listWebhooks(sources.database) }),
  add: (action) => addWebhook(sources, action),
  change: (id, action) => changeWebhook(sources, id, action),
  rotate: (id, action) => rotateWebhook(sources, id, action),
  on: (id, action) => switchWebhookOn(sources, id, action),
  off: (id, action) => switchWebhookOff(sources, id, action),
  remove: (id) => removeWebhook(sources, id),
});
