import { randomUUID } from 'node:crypto';
import { createMessageValidator } from '../../broker-bridge/dead-letter/validate.ts';
import type { DestinationRules } from '../../broker-bridge/outbound/destination.ts';
import type { DashboardConfig } from '../../config/dashboard.ts';
import { loadOrderPolicy } from '../../config/order-policy.ts';
import { loadReturnPolicy } from '../../config/return-policy.ts';
import { initiatingEvents } from '../../contracts/initiating-events.ts';
import { eventSchemas } from '../../contracts/schemas/initiating-events.ts';
import { listenerNames } from '../../listeners/load-listener.ts';
import { changedSince, seenNow } from '../../app/reads/changes.ts';
import { loadPage } from './assets/page.ts';
import { createBulk } from './bulk/bulk.ts';
import { createCases } from './cases/cases.ts';
import { createFlow } from './flow/flow.ts';
import { createHub, type LiveHub } from './live/hub.ts';
import { createWatcher } from './live/watcher.ts';
import { createListeners } from './listeners.ts';
import { createMails, readFromSink } from './mails.ts';
import { createMeasurements } from './measurements.ts';
import { createOrders } from './orders/orders.ts';
import type { Shop } from './ports.ts';
import { openConnections, type ConnectionOptions, type Connections } from './connections.ts';
import { bracketed, isAnyAddress, ownAddresses } from './security/origins.ts';
import { createTokenAuth } from './security/auth.ts';
import { createReturns } from './returns.ts';
import { buildServer } from './server.ts';
import { createWebhooks } from './webhooks.ts';
import { brakeChannel, releaseChannel } from '../../app/channels.ts';
import { brakesOn } from '../../app/reads/channel-brakes.ts';
import { countEvents, countWaiting } from '../../app/reads/events.ts';

export interface DeskOptions extends ConnectionOptions {
  readonly dashboard: DashboardConfig;
  readonly webhooks: DestinationRules;
}

/** Opens the desk. It does not wait for Temporal, NATS or PostgreSQL: a service that is away is shown as away. */
export async function openDesk(options: DeskOptions) {
  const { dashboard, log } = options;
  const page = await loadPage();
  const connections = openConnections(options);
  const { hub, shop } = assemble(connections, options);
  const own = ownAddresses(dashboard, dashboard.port);
  const workflowLinkBase = linkBase(dashboard, options.temporal.namespace);
  const auth = createTokenAuth(dashboard.token);
  const server = await buildServer({ shop, hub, page, auth, own: () => own, workflowLinkBase, log });
  try {
    await server.listen({ host: dashboard.host, port: dashboard.port });
  } catch (error) {
    await connections.close();
    throw error;
  }
  return {
    url: dashboard.publicUrl?.href ?? `http://${reachableHost(dashboard.host)}:${dashboard.port}/`,
    async close(): Promise<void> {
      await server.close();
      await connections.close();
    },
  };
}

function assemble(
  { database, client, broker, asAdministrator }: Connections,
  { dashboard, webhooks: rules, log }: DeskOptions,
) {
  const sources = { database, client };
  const flow = createFlow({
    client,
    broker,
    listeners: listenerNames(),
    countEvents: () => countEvents(database),
    countWaiting: () => countWaiting(database),
    brakes: () => brakesOn(database),
  });
  const watched = { seenNow: () => seenNow(database), changedSince: changedSince.bind(null, database), flow };
  const watcher = createWatcher(watched, () => hub, log);
  const hub: LiveHub = createHub(randomUUID(), (hasViewers) => watcher.onCrowd(hasViewers));
  const orders = createOrders(sources);
  const shop: Shop = {
    cases: createCases(
      sources,
      createMessageValidator({ catalogue: initiatingEvents, schemas: eventSchemas, policies }),
    ),
    orders,
    bulk: createBulk({ sources, tell: (progress) => hub.tell('bulk', progress) }),
    mails: createMails(sources, readFromSink(dashboard.mailsUrl)),
    returns: createReturns(sources),
    webhooks: createWebhooks({ database, rules }),
    listeners: createListeners({ asAdministrator }),
    measurements: createMeasurements(),
    channels: {
      brake: (processor, action) => brakeChannel(sources, processor, action),
      release: (processor, action) => releaseChannel(sources, processor, action),
    },
    flow,
  };
  return { hub, shop };
}

/** The validator wants policies, but they do not decide on a message: the shop's own are not needed here. */
const policies = { order: loadOrderPolicy({}), return: loadReturnPolicy({}) };

const linkBase = ({ temporalUiUrl }: DashboardConfig, namespace: string): string | null =>
  temporalUiUrl === undefined
    ? null
    : new URL(`/namespaces/${encodeURIComponent(namespace)}/workflows/`, temporalUiUrl).href;

const reachableHost = (host: string): string => (isAnyAddress(host) ? '127.0.0.1' : bracketed(host));
