import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import type { Session } from '../../dashboard/server/api/api.ts';
import { pageOf } from '../../dashboard/server/assets/page.ts';
import { createHub } from '../../dashboard/server/live/hub.ts';
import type { Log } from '../../broker-bridge/component.ts';
import type { Shop } from '../../dashboard/server/ports.ts';
import { ownAddresses } from '../../dashboard/server/security/origins.ts';
import { createTokenAuth } from '../../dashboard/server/security/auth.ts';
import type { Limits } from '../../dashboard/server/security/limits.ts';
import { buildServer } from '../../dashboard/server/server.ts';

/** The desk's server on a shop of a test's own, without a port. */
export interface BareDesk {
  readonly server: FastifyInstance;
  /** Everything logged. */
  readonly told: readonly string[];
  /** A browser that asked for the session and named its actor (null: it did not). */
  browser(options?: { readonly actor?: string | null; readonly token?: string }): Promise<DeskBrowser>;
}

/** What a browser on the desk's own page sends. */
export interface DeskBrowser {
  get(url: string, changes?: Readonly<Record<string, string>>): Promise<LightMyRequestResponse>;
  post(
    url: string,
    body: unknown,
    changes?: Readonly<Record<string, string | undefined>>,
  ): Promise<LightMyRequestResponse>;
  readonly session: Session;
  readonly cookies: Readonly<Record<string, string>>;
}

export const deskHost = '127.0.0.1:7830';

/** Builds one; `shop` needs only what the test asks for. */
export async function openBareDesk(
  shop: Partial<Shop> = {},
  options: {
    readonly token?: string;
    readonly limits?: Partial<Limits>;
    readonly publicUrl?: URL;
    readonly requestTimeout?: number;
  } = {},
): Promise<BareDesk> {
  const told: string[] = [];
  const tell = (details: object, message: string) => void told.push(`${message} ${JSON.stringify(details)}`);
  const log: Log = { debug: tell, info: tell, warn: tell, error: tell };
  const own = ownAddresses({ host: '127.0.0.1', publicUrl: options.publicUrl }, 7830);
  const server = await buildServer({
    shop: shop as Shop,
    hub: createHub('test', () => undefined),
    page: pageOf('export {};', 'body {}'),
    auth: createTokenAuth(options.token),
    own: () => own,
    workflowLinkBase: null,
    log,
    ...(options.limits ? { limits: options.limits } : {}),
    ...(options.requestTimeout ? { requestTimeout: options.requestTimeout } : {}),
  });
  return { server, told, browser: (as) => browserOn(server, as) };
}

async function browserOn(
  server: FastifyInstance,
  { actor = 'Ada', token }: { readonly actor?: string | null; readonly token?: string } = {},
): Promise<DeskBrowser> {
  const cookies: Record<string, string> = {};
  const send = async (options: InjectOptions) => {
    const answer = await server.inject({ ...options, cookies });
    for (const { name, value } of answer.cookies) cookies[name] = value;
    return answer;
  };
  const headers = { host: deskHost, 'sec-fetch-site': 'same-origin' };
  const session = (await send({ url: '/api/session', headers })).json<Session>();
  const own = { ...headers, origin: `http://${deskHost}`, 'x-csrf-token': session.csrfToken };
  const post: DeskBrowser['post'] = (url, body, changes = {}) => {
    const sent = Object.fromEntries(Object.entries({ ...own, ...changes }).filter(([, value]) => value !== undefined));
    const payload = typeof body === 'string' ? body : JSON.stringify(body);
    return send({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', ...sent },
      payload,
    });
  };
  if (token !== undefined) await post('/api/session/login', { token });
  if (actor !== null) await post('/api/session/actor', { actor });
  return { session, cookies, post, get: (url, changes = {}) => send({ url, headers: { ...headers, ...changes } }) };
}
