import helmet from '@fastify/helmet';
import fastify, { type FastifyInstance } from 'fastify';
import type { Page } from './assets/page.ts';
import { answerFailures, answerUnreadable } from './failure.ts';
import type { LiveHub } from './live/hub.ts';
import type { Shop } from './ports.ts';
import { addBulkRoutes } from './routes/bulk.ts';
import { addCaseRoutes } from './routes/cases.ts';
import { addChannelRoutes } from './routes/channels.ts';
import { addLiveRoute } from './routes/live.ts';
import { addListenerRoutes } from './routes/listeners.ts';
import { addMeasurementRoutes } from './routes/measurements.ts';
import { addOrderRoutes } from './routes/orders.ts';
import { addPageRoutes } from './routes/page.ts';
import { addPeopleRoutes } from './routes/people.ts';
import { addWebhookRoutes } from './routes/webhooks.ts';
import { addSessionRoutes, type SessionParts } from './routes/session.ts';
import { guardSession } from './security/auth.ts';
import { refuseOtherOrigins } from './security/origins.ts';
import { limitRequests, type Limits } from './security/limits.ts';

/** The desk's server is made of these. */
export interface DeskParts extends SessionParts {
  readonly shop: Shop;
  readonly hub: LiveHub;
  readonly page: Page;
  readonly limits?: Partial<Limits>;
  /** A request has to be sent within so many milliseconds; an answer, such as the live events, may take longer. */
  readonly requestTimeout?: number;
}

/**
 * Every answer carries these headers. They forbid inline code, resources of other origins, and showing the page in a
 * frame.
 */
const safeHeaders = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      connectSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
    },
  },
  referrerPolicy: { policy: 'same-origin' },
  strictTransportSecurity: false,
  xFrameOptions: { action: 'deny' },
} as const;

/** The most a body may be; an edited message comes with an envelope and its escapes. */
const largestBody = 64 * 1024;

/** The longest part of a path, encoded: ids of mails contain those of events, which a producer chooses. */
const longestPart = 1_500;

/**
 * Builds the server, not listening yet. Requests are counted first, then guarded; every answer carries the safe
 * headers, refusals as well.
 */
export async function buildServer(parts: DeskParts): Promise<FastifyInstance> {
  const { own, log, auth, requestTimeout = 30_000 } = parts;
  const server = fastify({
    bodyLimit: largestBody,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: longestPart },
    requestTimeout,
    http: { connectionsCheckingInterval: requestTimeout },
    forceCloseConnections: true,
    frameworkErrors: (error, _, reply) => answerUnreadable(error, reply),
  });
  server.removeContentTypeParser('text/plain');
  answerFailures(server, log);
  await server.register(helmet, safeHeaders);
  await limitRequests(server, parts.limits);
  refuseOtherOrigins(server, own);
  await guardSession(server, auth, own);
  addPageRoutes(server, parts.page);
  addSessionRoutes(server, parts);
  addCaseRoutes(server, parts.shop.cases);
  addOrderRoutes(server, parts.shop.orders);
  addBulkRoutes(server, parts.shop.bulk);
  addPeopleRoutes(server, parts.shop);
  addChannelRoutes(server, parts.shop.channels);
  addWebhookRoutes(server, parts.shop.webhooks);
  addListenerRoutes(server, parts.shop.listeners, log);
  addMeasurementRoutes(server, parts.shop.measurements);
  addLiveRoute(server, parts.hub);
  return server;
}
