import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure } from '../failure.ts';
import type { OwnAddresses } from './addresses.ts';

/**
 * Refuses what does not come from the desk's own page: any request under another name (a name made to point here would be one origin with
 * itself), any change from another origin, and reading the API from another site. No CORS header is ever sent.
 */
export function guardAddresses(server: FastifyInstance, own: () => OwnAddresses): void {
  server.addHook('onRequest', async (request) => {
    const { hosts, origins } = own();
    if (!hosts.has((request.headers.host ?? '').toLowerCase())) throw new Failure('forged', wrongName);
    if (isChange(request) ? !isFromHere(request, origins) : isReadFromElsewhere(request)) {
      throw new Failure('forged', 'This comes from another site: the desk takes requests of its own page only.');
    }
  });
}

const wrongName = 'The desk does not answer to this name: use the address it printed, or set DASHBOARD_URL.';

/** Everything but reading. */
export const isChange = ({ method }: Pick<FastifyRequest, 'method'>): boolean => method !== 'GET' && method !== 'HEAD';

/** Browsers say where a change comes from in one of two headers; who says neither is not our page. */
function isFromHere({ headers }: FastifyRequest, origins: ReadonlySet<string>): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  return headers.origin === undefined ? site === 'same-origin' : origins.has(headers.origin);
}

/** The page itself may be opened from a link; its data may not be read from elsewhere. By the route: a path may be written in many ways. */
function isReadFromElsewhere({ headers, routeOptions: { url } }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  return url?.startsWith('/api/') === true && site !== undefined && site !== 'same-origin' && site !== 'none';
}
