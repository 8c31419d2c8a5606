import { Resolver, lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';

/** The hosts that may be called beyond the public internet; see `config/webhooks.ts`. */
export interface DestinationRules {
  /** `host:port` of destinations that may be at any address. */
  readonly allowedHosts: ReadonlySet<string>;
  /** True where `http:` may be used. */
  readonly isHttpAllowed: boolean;
}

/** An address that a name stands for. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Resolves with the addresses of a host name; rejects when it has none. */
export type Resolve = (host: string) => Promise<readonly ResolvedAddress[]>;

/** The destination is refused, or its name cannot be resolved. The sentence quotes no part of the URL. */
export class DestinationRefused extends Error {
  override readonly name = 'DestinationRefused';
}

const longestUrl = 2_000;

/**
 * Reads a URL that may be called. Throws `DestinationRefused` for one that is no URL, is not encrypted, carries a
 * password or a fragment, or names an address that is not on the public internet: the forms of an address in octal, hex
 * and decimal are read as a browser reads them.
 */
export function readDestination(text: string, rules: DestinationRules): URL {
  if (text.length > longestUrl) throw new DestinationRefused(`The URL is longer than ${longestUrl} characters.`);
  if (!URL.canParse(text)) throw new DestinationRefused('It is no URL: give one as in https://example.com/hooks.');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new DestinationRefused('The URL must begin with https://.');
  if (url.protocol === 'http:' && !rules.isHttpAllowed) {
    throw new DestinationRefused(
      'The URL must begin with https://; http:// is for development, with WEBHOOK_ALLOW_HTTP.',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new DestinationRefused('The URL must not hold a user name or a password: the signature says who sends.');
  }
  if (url.hash !== '') throw new DestinationRefused('The URL must not have a part behind #: it is never sent.');
  if (isAddress(hostOf(url))) refuseUnlessPublic(url, [hostOf(url)], rules);
  return url;
}

/**
 * The addresses at which a destination may be called now. Throws `DestinationRefused` when one of them is not on the
 * public internet: a name that also stands for a private address is refused as a whole.
 */
export async function resolveDestination(
  url: URL,
  rules: DestinationRules,
  resolve: Resolve = isAllowed(url, rules) ? resolveHere : resolvePublic,
): Promise<readonly ResolvedAddress[]> {
  const host = hostOf(url);
  if (isAddress(host)) {
    refuseUnlessPublic(url, [host], rules);
    return [{ address: host, family: ipaddr.parse(host).kind() === 'ipv4' ? 4 : 6 }];
  }
  const found = await resolve(host).catch((error: unknown) => {
    throw new DestinationRefused('The name of its host cannot be resolved.', { cause: error });
  });
  if (found.length === 0) throw new DestinationRefused('The name of its host has no address.');
  refuseUnlessPublic(
    url,
    found.map(({ address }) => address),
    rules,
  );
  return found;
}

/** The host of a URL, without the brackets of IPv6. */
const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

const isAddress = (host: string): boolean => ipaddr.isValid(host);

const defaultPorts: Readonly<Record<string, string>> = { 'https:': '443', 'http:': '80' };

const isAllowed = (url: URL, { allowedHosts }: DestinationRules): boolean =>
  allowedHosts.has(`${url.hostname}:${url.port || defaultPorts[url.protocol]}`);

function refuseUnlessPublic(url: URL, addresses: readonly string[], rules: DestinationRules): void {
  if (addresses.every(isPublic) || isAllowed(url, rules)) return;
  throw new DestinationRefused(
    'Its host is not on the public internet: private, local and reserved addresses are refused.',
  );
}

/**
 * True for an address of the public internet. Every range with a purpose of its own is not: private, loopback,
 * link-local, multicast, unique-local, and those of IPv6 that stand for one of IPv4.
 */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || parsed.match(ipaddr.parseCIDR(allGivenOut));
}

/** All addresses of IPv6 that are given out; `::7f00:1`, which stands for 127.0.0.1, is outside. */
const allGivenOut = '2000::/3';

/** As this machine resolves names, with its own files. */
const resolveHere: Resolve = async (host) =>
  (await lookup(host, { all: true })).map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));

/**
 * Asks DNS only. The system's own way keeps one of four threads for each name that is not answered, so that the names
 * of a few endpoints would hold up all others.
 */
const resolvePublic: Resolve = async (host) => {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  if (four.status === 'rejected' && six.status === 'rejected') throw four.reason;
  return [
    ...(four.status === 'fulfilled' ? four.value.map((address) => ({ address, family: 4 as const })) : []),
    ...(six.status === 'fulfilled' ? six.value.map((address) => ({ address, family: 6 as const })) : []),
  ];
};
