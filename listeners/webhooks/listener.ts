import { structuredFact } from '../../broker-bridge/facts/cloud-events.ts';
import type { Listener } from '../../broker-bridge/facts/listener.ts';
import { createPost } from '../../broker-bridge/outbound/post.ts';
import { loadWebhookConfig } from '../../config/webhooks.ts';
import { createDeliver, type Delivering, type WebhookMessage } from './deliver.ts';
import { tables, takersOf } from './endpoints.ts';

/** The first pause after a failure, and the longest, in milliseconds. */
const pauses = { first: 5_000, longest: 6 * 3_600_000 };

/** The listener with the settings that an environment names. */
export function listenerFor(env: Readonly<Record<string, string | undefined>>): Listener {
  const { switchOffAfter, ...rules } = loadWebhookConfig(env);
  return createWebhooks({ post: createPost({ rules }), pauses, switchOffAfter });
}

/**
 * Sends facts to the endpoints of receivers, as Standard Webhooks. One message goes to each endpoint that takes a fact,
 * under the fact's id; each endpoint has a lane of its own.
 */
export const createWebhooks = (delivering: Delivering): Listener => ({
  name: 'webhooks',
  about: 'sends facts by HTTP to the endpoints that were added for it',
  schema: 'webhooks',
  reads: 'all',
  follows: 'some-facts',
  tables,
  sends: ['its-own'],
  async apply(tx, fact) {
    const takers = await tx.run(takersOf(fact));
    if (takers.length === 0) return;
    const body = structuredFact(fact);
    for (const { id: webhookId } of takers) {
      const content: WebhookMessage = { webhookId, factId: fact.id, body };
      tx.send({ to: 'its-own', lane: webhookId, content });
    }
  },
  deliver: createDeliver(delivering),
});
