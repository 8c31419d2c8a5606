import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { DashboardConfig } from '../../../config/dashboard.ts';
import { Failure } from '../failure.ts';

/**
 * The names this desk answers to, and the pages that may send it changes. Everything else is another site, or a name
 * that was made to point here.
 */
export interface OwnAddresses {
  readonly hosts: ReadonlySet<string>;
  readonly origins: ReadonlySet<string>;
  /** Cookies are sent over TLS only. */
  readonly isSecure: boolean;
}

/** Loopback by its names, the address it listens on, and the public one when there is one. */
export function ownAddresses(
  { host, publicUrl }: Pick<DashboardConfig, 'host' | 'publicUrl'>,
  port: number,
): OwnAddresses {
  const names = ['127.0.0.1', 'localhost', '[::1]', ...(isAnyAddress(host) ? [] : [bracketed(host)])];
  const hosts = names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));
  return {
    hosts: new Set([...hosts, ...(publicUrl ? [publicUrl.host] : [])].map((name) => name.toLowerCase())),
    origins: new Set([
      ...hosts.map((name) => `http://${name}`.toLowerCase()),
      ...(publicUrl ? [publicUrl.origin] : []),
    ]),
    isSecure: publicUrl?.protocol === 'https:',
  };
}

export const isAnyAddress = (host: string): boolean => host === '0.0.0.0' || host === '::';

export const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/**
 * Refuses requests that do not come from the desk's own page: any request under another name (a name made to point
 * here would be one origin with itself), any change from another origin, and reading the API from another site. No
 * CORS header is ever sent.
 */
export function refuseOtherOrigins(server: FastifyInstance, own: () => OwnAddresses): void {
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

/** Browsers name a change's origin in one of two headers; a request with neither is not our page's. */
function isFromHere({ headers }: FastifyRequest, origins: ReadonlySet<string>): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  return headers.origin === undefined ? site === 'same-origin' : origins.has(headers.origin);
}

/**
 * A link may open the page, but no other site may read its data. The route decides, since a path may be written in many
 * ways.
 */
function isReadFromElsewhere({ headers, routeOptions: { url } }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  return url?.startsWith('/api/') === true && site !== undefined && site !== 'same-origin' && site !== 'none';
}
