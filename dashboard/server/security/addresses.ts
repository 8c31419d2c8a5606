import type { DashboardConfig } from '../../../config/dashboard.ts';

/** The names this desk answers to, and the pages that may send it changes. Everything else is another site, or a name that was made to point here. */
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

const isAnyAddress = (host: string): boolean => host === '0.0.0.0' || host === '::';

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);
