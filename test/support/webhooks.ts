import { createPost, type PostLimits } from '../../broker-bridge/outbound/post.ts';
import { startListener } from '../../broker-bridge/facts/start-listener.ts';
import type { RunningComponent } from '../../broker-bridge/component.ts';
import { keptWebhook, addWebhook, type WebhookSources } from '../../app/webhooks.ts';
import type { Webhook, WebhookSecret, WebhookTakes } from '../../contracts/outside/webhooks.ts';
import { createWebhooks } from '../../listeners/webhooks/listener.ts';
import { openDatabase } from '../../prisma/database.ts';
import { openBridge, type Bridge } from './bridge.ts';
import { startReceiver, type Answering, type Receiver } from './receiver.ts';

/** The listener `webhooks` on a bridge of its own, and people who add endpoints. */
export interface WebhookStage {
  readonly bridge: Bridge;
  readonly sources: WebhookSources;
  /** Starts the listener in this process. */
  start(settings?: StageSettings): RunningComponent;
  /** A receiver, and its endpoint, added by Ada. */
  receiver(takes: readonly WebhookTakes[], answering?: Answering): Promise<Added>;
  shown(id: string): Promise<Webhook>;
  rows<Row extends object>(text: string, ...values: readonly unknown[]): Promise<readonly Row[]>;
  /** The ids of the facts of a key, in their sequence. */
  factsOf(key: string): Promise<readonly string[]>;
}

export interface StageSettings {
  readonly pauses?: { readonly first: number; readonly longest: number };
  readonly switchOffAfter?: number;
  readonly limits?: Partial<PostLimits>;
}

export interface Added extends WebhookSecret {
  readonly id: string;
  readonly receiver: Receiver;
}

const day = 24 * 3_600_000;

/** Opens a stage; ended by `bridge.rig.close()`. Its listener has made its tables, and does not run. */
export async function openWebhooks(): Promise<WebhookStage> {
  const bridge = await openBridge();
  const database = openDatabase(bridge.rig.databaseUrl);
  bridge.rig.onClose(() => database.close());
  const hosts = new Set<string>();
  const rules = { allowedHosts: hosts, isHttpAllowed: true };
  const sources = { database, rules };
  bridge.startRelay();
  const { rig, broker, deadLetters, log } = bridge;
  const rows = async <Row extends object>(text: string, ...values: readonly unknown[]) =>
    (await bridge.sql.query<Row>(text, [...values])).rows;
  return {
    bridge,
    sources,
    rows,
    start({ pauses = { first: 20, longest: 100 }, switchOffAfter = day, limits = {} } = {}) {
      const listener = createWebhooks({ post: createPost({ rules, limits }), pauses, switchOffAfter });
      const part = startListener({ listener, databaseUrl: rig.databaseUrl, broker, deadLetters, log });
      rig.onClose(() => part.stop());
      return part;
    },
    async receiver(takes, answering) {
      const receiver = await startReceiver(rig, answering);
      hosts.add(receiver.host);
      const added = await addWebhook(sources, { url: receiver.url, takes, actor: 'Ada' });
      return { ...added, id: added.webhook.id, receiver };
    },
    shown: (id) => keptWebhook(database, id),
    factsOf: async (key) =>
      (await rows<{ id: string }>('SELECT id FROM outbox.fact WHERE key = $1 ORDER BY sequence', key)).map(
        ({ id }) => id,
      ),
  };
}
