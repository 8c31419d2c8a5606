import cookie from '@fastify/cookie';
import csrf from '@fastify/csrf-protection';
import helmet from '@fastify/helmet';
import { randomBytes } from 'node:crypto';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { forgeryHeader } from './api/api.ts';
import type { Page } from './assets/page.ts';
import { Failure } from './failure.ts';
import { answerFailures, answerUnreadable } from './failures.ts';
import type { LiveHub } from './live/hub.ts';
import type { DeskLog } from './log.ts';
import type { Shop } from './ports.ts';
import { addBulkRoutes } from './routes/bulk.ts';
import { addCaseRoutes } from './routes/cases.ts';
import { addLiveRoute } from './routes/live.ts';
import { addOrderRoutes } from './routes/orders.ts';
import { addPageRoutes } from './routes/page.ts';
import { addPeopleRoutes } from './routes/people.ts';
import { addSessionRoutes } from './routes/session.ts';
import type { OwnAddresses } from './security/addresses.ts';
import { cookieNames, cookieSettings } from './security/cookies.ts';
import { guardAddresses, isChange } from './security/guard.ts';
import { safeHeaders } from './security/headers.ts';
import { limitRequests, type Limits } from './security/limits.ts';
import type { Gate } from './security/login.ts';

/** What the desk's server is made of. */
export interface DeskParts {
  readonly shop: Shop;
  readonly hub: LiveHub;
  readonly page: Page;
  readonly gate: Gate;
  /** Asked for each request: the port is known only when the server listens. */
  readonly own: () => OwnAddresses;
  readonly workflowLinkBase: string | null;
  readonly log: DeskLog;
  /** Requests a minute of one address. */
  readonly limits?: Partial<Limits>;
}

/** The most a body may be; an edited message comes with an envelope and its escapes. */
const largestBody = 64 * 1024;

/** The longest part of a path, as it is written there: ids of mails contain those of events, which a producer chooses. */
const longestPart = 1_500;

/** Whoever sends a request has to be done with that by then; an answer, such as the live events, may take as long as it likes. */
const requestTimeout = 30_000;

/** The server, not listening yet. What is asked of it is counted first, then guarded: every answer carries the safe headers, refusals as well. */
export async function buildServer(parts: DeskParts): Promise<FastifyInstance> {
  const { own, log } = parts;
  const server = fastify({
    bodyLimit: largestBody,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: longestPart },
    requestTimeout,
    forceCloseConnections: true,
    frameworkErrors: (error, _, reply) => answerUnreadable(error, reply),
  });
  server.removeContentTypeParser('text/plain');
  answerFailures(server, log);
  await server.register(helmet, safeHeaders);
  await limitRequests(server, parts.limits);
  guardAddresses(server, own);
  await guardSession(server, parts);
  addPageRoutes(server, parts.page);
  addSessionRoutes(server, parts);
  addCaseRoutes(server, parts.shop.cases);
  addOrderRoutes(server, parts.shop.orders);
  addBulkRoutes(server, parts.shop.bulk);
  addPeopleRoutes(server, parts.shop);
  addLiveRoute(server, parts.hub);
  return server;
}

/** Cookies, who may come in, and the anti-forgery token on every change. */
async function guardSession(server: FastifyInstance, { gate, own }: DeskParts): Promise<void> {
  // Signed with a key of this process: a cookie that another server on this machine has set counts for nothing.
  await server.register(cookie, { secret: randomBytes(32).toString('base64url') });
  await server.register(csrf, {
    cookieKey: cookieNames.forgery,
    cookieOpts: { ...cookieSettings(own().isSecure), signed: true },
    getToken: ({ headers: given }) => {
      const token = given[forgeryHeader];
      return typeof token === 'string' ? token : undefined;
    },
  });
  server.addHook('onRequest', async (request) => {
    if (isForAll(request) || gate.admits(request.cookies[cookieNames.pass])) return;
    throw new Failure('login-needed', 'Give the token of this desk first.');
  });
  server.addHook('onRequest', (request, reply, done) => {
    if (isChange(request)) server.csrfProtection(request, reply, done);
    else done();
  });
}

/** The page itself says nothing of the shop; the session says whether a token is needed. By the route: a path may be written in many ways. */
const isForAll = ({ routeOptions: { url } }: FastifyRequest): boolean =>
  url === undefined || !url.startsWith('/api/') || url === '/api/session' || url === '/api/session/login';
