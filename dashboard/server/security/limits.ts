import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isChange } from './origins.ts';

/** Requests of one address in a minute. Scrolling through 100,000 orders takes 500 reads. */
export interface Limits {
  readonly reads: number;
  readonly changes: number;
  readonly logins: number;
}

const usualLimits: Limits = { reads: 6_000, changes: 600, logins: 10 };

/** Counts every request, those that are refused afterwards as well: it is added before the guards. */
export async function limitRequests(server: FastifyInstance, given: Partial<Limits> = {}): Promise<void> {
  const limits = { ...usualLimits, ...given };
  await server.register(rateLimit, {
    global: false,
    timeWindow: '1 minute',
    max: (request) => limits[requestKind(request)],
    keyGenerator: (request) => `${request.ip} ${requestKind(request)}`,
  });
  server.addHook('onRequest', server.rateLimit());
}

function requestKind(request: FastifyRequest): keyof Limits {
  if (!isChange(request)) return 'reads';
  return request.routeOptions.url === '/api/session/login' ? 'logins' : 'changes';
}
