import cookie from '@fastify/cookie';
import csrf from '@fastify/csrf-protection';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import { randomBytes } from 'node:crypto';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { forgeryHeader } from './api.ts';
import type { Page } from './assets/page.ts';
import { Failure } from './failure.ts';
import { answerFailures } from './failures.ts';
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

/** How often one address may ask, in a minute. Scrolling through 100,000 orders takes 500 reads. */
export interface Limits {
  readonly reads: number;
  readonly changes: number;
  readonly logins: number;
}

const usualLimits: Limits = { reads: 6_000, changes: 600, logins: 10 };

/** The most a body may be; an edited message comes with an envelope and its escapes. */
const largestBody = 64 * 1024;

/** The server, not listening yet. */
export async function buildServer(parts: DeskParts): Promise<FastifyInstance> {
  const { own, log } = parts;
  const limits = { ...usualLimits, ...parts.limits };
  const server = fastify({
    bodyLimit: largestBody,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 300 },
    forceCloseConnections: true,
  });
  server.removeContentTypeParser('text/plain');
  answerFailures(server, log);
  guardAddresses(server, own);
  await server.register(helmet, headers);
  await server.register(rateLimit, {
    timeWindow: '1 minute',
    max: (request) => limitFor(request, limits),
    keyGenerator,
  });
  await guardSession(server, parts);
  addPageRoutes(server, parts.page);
  addSessionRoutes(server, parts, limits);
  addCaseRoutes(server, parts.shop.cases);
  addOrderRoutes(server, parts.shop.orders);
  addBulkRoutes(server, parts.shop.bulk);
  addPeopleRoutes(server, parts.shop);
  addLiveRoute(server, parts.hub);
  return server;
}

const limitFor = (request: FastifyRequest, { reads, changes }: Limits): number =>
  isChange(request) ? changes : reads;

const keyGenerator = ({ ip, method }: FastifyRequest): string => `${ip} ${method}`;

/** Nothing inline, nothing from elsewhere, in no frame. */
const headers = {
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
