import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createMessageValidator } from '../../broker-bridge/dead-letter/validate.ts';
import type { DashboardConfig } from '../../config/dashboard.ts';
import { loadOrderPolicy } from '../../config/order-policy.ts';
import { loadReturnPolicy } from '../../config/return-policy.ts';
import { initiatingEvents } from '../../contracts/initiating-events.ts';
import { eventSchemas } from '../../contracts/schemas/initiating-events.ts';
import { changedSince, seenNow } from '../../app/reads/changes.ts';
import { loadPage } from './assets/page.ts';
import { createBulk } from './bulk/bulk.ts';
import { createCases } from './cases/cases.ts';
import { createFlow } from './flow/flow.ts';
import { createHub, type LiveHub } from './live/hub.ts';
import { createWatcher } from './live/watcher.ts';
import type { DeskLog } from './log.ts';
import { sentMails } from './mails/sent-mails.ts';
import { createOrders } from './orders/orders.ts';
import { createPeople } from './people.ts';
import type { Shop } from './ports.ts';
import { openReach, type Reach, type ReachOptions } from './reach.ts';
import { ownAddresses } from './security/addresses.ts';
import { createGate } from './security/login.ts';
import { buildServer } from './server.ts';
import { countEvents, countWaiting } from '../../app/reads/events.ts';

/** What the desk is started with. */
export interface DeskOptions extends ReachOptions {
  readonly dashboard: DashboardConfig;
}

/** The desk while it is open. */
export interface Desk {
  readonly url: string;
  close(): Promise<void>;
}

/** Opens the desk. It does not wait for Temporal, NATS or PostgreSQL: what is away is shown as away. */
export async function openDesk(options: DeskOptions): Promise<Desk> {
  const { dashboard, log } = options;
  const page = await loadPage();
  const reach = openReach(options);
  const { hub, shop } = assemble(reach, dashboard, log);
  const own = ownAddresses(dashboard, dashboard.port);
  const workflowLinkBase = linkBase(dashboard, options.temporal.namespace);
  const gate = createGate(dashboard.token);
  const server = await buildServer({ shop, hub, page, gate, own: () => own, workflowLinkBase, log });
  try {
    await server.listen({ host: dashboard.host, port: dashboard.port });
  } catch (error) {
    await reach.close();
    throw error;
  }
  return {
    url: dashboard.publicUrl?.href ?? `http://${nameOf(dashboard.host)}:${dashboard.port}/`,
    async close() {
      await server.close();
      await reach.close();
    },
  };
}

function assemble({ database, client, broker }: Reach, dashboard: DashboardConfig, log: DeskLog) {
  const { prisma } = database;
  const sources = { prisma, client };
  const flow = createFlow({
    client,
    broker,
    listeners: listenerNames(),
    countEvents: () => countEvents(prisma),
    countWaiting: () => countWaiting(prisma),
  });
  const watched = { seenNow: () => seenNow(prisma), changedSince: changedSince.bind(null, prisma), flow };
  const watcher = createWatcher(watched, () => hub, log);
  const hub: LiveHub = createHub(randomUUID(), (isAnybodyThere) => watcher.onCrowd(isAnybodyThere));
  const orders = createOrders(sources);
  const shop: Shop = {
    cases: createCases(sources, createMessageValidator({ catalogue: initiatingEvents, schemas: eventSchemas, policies })),
    orders,
    bulk: createBulk({ sources, tell: (progress) => hub.tell('bulk', progress) }),
    people: createPeople(sources, sentMails(dashboard.mailsUrl)),
    flow,
  };
  return { hub, shop };
}

/** What flows are started with. It decides nothing about whether a message is taken, so that the shop's own are not needed here. */
const policies = { order: loadOrderPolicy({}), return: loadReturnPolicy({}) };

/** A listener is a folder of `listeners/`. */
const listenerNames = (): readonly string[] =>
  readdirSync(join(import.meta.dirname, '..', '..', 'listeners'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

const linkBase = ({ temporalUiUrl }: DashboardConfig, namespace: string): string | null =>
  temporalUiUrl === undefined
    ? null
    : new URL(`/namespaces/${encodeURIComponent(namespace)}/workflows/`, temporalUiUrl).href;

const nameOf = (host: string): string =>
  host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
